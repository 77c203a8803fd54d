import type { Method } from '../method.ts'
import { methods } from '../methods/methods.ts'
import { outputSchema } from '../methods/output-schema.ts'
import { optionRows, runExample, usage } from './help.ts'

const introduction = `# samklang analyze

Statistics of customer experience on any CSV file: no server, workspace or program is needed.

\`\`\`
samklang analyze FILE.csv                             one page: what the file says, in plain words
samklang analyze METHOD FILE.csv [options] [--json]   one method
samklang analyze METHOD --help                        its options and a worked example
samklang analyze METHOD --schema                      the JSON Schema of its output (without METHOD: of the page)
\`\`\`

## What holds for every method

- The first row names the columns. Cells are separated by commas, semicolons, tabs or bars, whichever the first line holds most (\`--delimiter\`); the text is UTF-8, UTF-16 with its mark, or else Windows-1252 (\`--encoding\`). \`2,5\` and \`1.234,5\` are read with a decimal comma, \`1,234,567\` and \`1,234.5\` with thousands. \`1,234\` alone is thousands where commas separate the cells, unless the file's other numbers have decimal commas, and a decimal where they do not; the result says which was taken. A first line \`sep=;\` is honoured. Blanks and apostrophes may set thousands apart (12 000,50); signs of currency and per cent are passed over (\`$1,234.50\`, \`99 kr\`, \`5 %\` is 5) and told, and an amount in parentheses is negative. In a file of decimal commas \`1.234\` is thousands.
- Rows above the names of the columns that hold one cell, as titles of a report, are passed over; rows below them that go on with the heading, as survey tools write (questions or parts of them that no answer repeats, where the names above are blank or the columns below are numbers; "Response"; codes with \`ImportId\`), are no data, and give the parts of a question their names ("How satisfied are you with: Staff"). Both are told; what they ask ("How likely are you to recommend us?") helps to guess what a column is. Rows of totals ("North Total", "Totalt", "Summa") are left out and told where the figures bear the word out: the row lacks a cell that the others have, or a number in it is the sum of theirs, or it is the last row; they are looked for in files of up to 256 KB and 3,000 rows, and \`--keep-totals\` reads them as any other row.
- **Answers in words** ("Strongly agree") are read as numbers where a number is needed, each column by itself: when all answers of the column, as far as its first 3,000 rows tell, are points of one scale that is known (five points, seven, and some of four and six, of agreement, satisfaction, quality, likelihood, ease, frequency, importance and expectation in English, Swedish, Norwegian, Danish, German, Dutch, French, Spanish, Finnish, Italian; "not at all", "slightly" ... "extremely" with any adjective), each on a point of its own. Where thirty answers or more hold none of the neutral middle the scale is one of four or six points, which is told, unless another column gave the middle; columns whose answers all stand in another column are on its scale. Two languages or three in one column are read where each word is known. The result says what each word is. Where a word is not known, two could be the same point, or two scales fit, the column is not read as a scale, which is told on the page and by each method, and so is a column of words of degree ("not at all fun") or under a heading that asks for a degree ("How was ...") of which none is known; the sentence holds the answers, ready to be ordered. \`--scale 'quality=Poor,Fair,Good,Very good,Excellent'\` gives the answers of a column from the lowest to the highest; without \`COLUMN=\` it holds for every column whose answers are all on it; bars stand for commas that are part of an answer; numbers keep their values in the order given (\`--scale grade=5,4,3,2,1\` turns a column). \`nps\`, \`csat\` and \`ces\` refuse a scale of words that has other points than they take.
- **Words for no answer**, among answers in words or among the numbers of a scale, are as good as blank to every method: "Don't know", "Vet ej", "Ne se prononce pas", "N/A", "(blank)", "-" and their like in the ten languages. One to three words that no language knows are taken for none as well where all points of a scale with a middle stand beside them, they share no word with it, are no words of measure and none of feeling ("Delighted", "Kasst"), not more than a tenth of the answers hold them, and, among numbers, the column is named as a question or another has them too. Among numbers, and where they are not known, each is told with its rows; a \`--scale\` that names the word gives it its place. What may be a point ("Never" beside 1 to 5, "Delighted" beside "Very satisfied", a word that more than a tenth gave) is told and the column not read: \`--blank COLUMN=WORD\` or \`--scale\` says which.
- **Words beside the number** ("10 - Very likely", "4 stars", "Agree (4)") give that number, and so do "4/5", "4 out of 5" and "★★★★☆". Where the numbers run against their words ("1 - Very satisfied" to "5 - Very dissatisfied") the words win: the column is turned, which is told; where neither order holds it is not read.
- **Codes for no answer**, among the answers to a question, are 99, -1 and their like apart from them (-1 beside 0 and 1 is a point of a scale with a middle, as -2 is beside -1 to 2; beside 0 to 2 it is one where more than a tenth gave it, which is told), 8 or 9 behind a gap, a seldom 11 beside 10, and a 6 or a 0 beside 1 to 5 where the other questions of the file keep to 1 to 5. The page leaves them out, tells so, and has them in its command lines (\`--blank satisfaction=9\`); a method alone takes them as they stand and says what leaves them out. Questions that run from 1 to 6, from 0 to 5 or from 0 to 7 without that may be either: their share is left to the reader, and the page shows the command for each reading. Columns of numbers that are open in the same way as a question are told with it. Digits of one length that begin with a zero ("01", "02", "10") are codes of something, no amounts, and so are 3 to 20 different whole numbers that repeat under the name of a category (region, gender, store, product, plan ...), unless the product or the shop is rated on the points of two other columns: they are told, and to the page, \`correlate\`, \`churn\` and \`survival\` they are categories; \`--scale region=1,2,3,4\` reads them as numbers. Answers in half points (7.5 of 10) have means, drivers and relations, and no share of the highest points.
- Dates are \`2026-01-31\`, \`2026/1/31\`, \`20260131\`, \`2026-01\`, \`2026\`, \`2026-W05\`, \`2026-Q1\`, \`W05 2026\`, \`Q1 2026\`, \`Kv1 2026\`, \`2026v05\`, \`01/2026\`, \`Jan-26\` (a month of a year, as spreadsheets write it, and no day), \`31 Jan 2026\`, \`January 31, 2026\`, \`31-Jan-26\` (months in English, Swedish, Norwegian, Danish, German, Dutch, French, Spanish, Italian, Portuguese), with or without a time of day; with \`--date-format\` also \`31.1.2026\` and \`1/31/26\`; seconds or milliseconds since 1970 and the day numbers of spreadsheets where a date is asked for. \`-\` reads standard input. Days without a year (\`1-Jan\`, \`Jan 01\`) and fiscal years (\`FY24 Q1\`) are told and not read.
- Blank cells are missing, and so are NA, N/A, #N/A, NaN and NULL, as R and databases write them; \`--blank 99,-99\` takes further codes as blank, \`--blank COLUMN=8,9\` in one column alone; where the method does not use that column, it is told that it changes nothing. A cell that should be a number and is not is left out and counted by column and reason, except where rows are taken whole (\`drivers\`, \`penalty-reward\`): there an incomplete row is counted once. Numbers beyond 1e150 are too large to compute with and are left out like words, and told. Rows with cells missing or too many and names that stand twice in the header are told; a quote that is never closed, and a file that is not text, are refused. Every result tells how many rows were used, how many were left out and why, and which conventions were chosen.
- Columns are named with commas between them; a column whose name holds a comma is given by repeating the option, and so are the two names of \`--compare\` where they hold commas. What cannot be meant is refused with exit code 2 and never computed around: a column named twice in one option, or as the outcome and among what explains it; an option of one value given twice; an option that has no effect in the form chosen. A first row that looks like the rows below it is still taken for the names, and told on the page and in every result.
- \`--json\` prints one object with full precision:

\`\`\`json
{ "method": "...", "file": "...", "rows": 0, "used": 0, "dropped": {}, "conventions": [], "result": {} }
\`\`\`

- The page (\`samklang analyze FILE.csv --json\`) prints \`method: "page"\`, \`file\`, \`rows\`, \`columns\` (name, kind, present, missing), \`warnings\`, \`answers\` (of each the \`method\`, the \`question\`, the \`command\` that gives it, its \`sentences\`, and \`used\`, \`dropped\`, \`conventions\` and \`result\` as the method itself prints them), \`more\` (what fits and was not run; \`assumes\` where an option is a guess to be replaced, \`furthers\` where another answer stands for it), \`conventions\` (how the file was read) and \`described\`; \`samklang analyze --schema\` prints its JSON Schema. It leaves out periods with less than a tenth of the answers of the median period (\`trend --sparse 0.1\`, \`forecast --ends 0.1\`), cuts forecasts and limits at the ends of a scale (\`forecast --within\`), and says so. What asks about the whole is told by the first category and held against all of them (\`correlate\`); how long customers stay is told by what they bought, where a column is named so; the trend of up to three further numbers is told where each day stands once; the other categories and measures stand in \`more\` with their commands, six and twelve at most. Columns of ticked boxes (one mark, or the option's own words, or nothing) are named with how often each was ticked: their blank cells are missing to every method.
- There is never a NaN or an Infinity. What cannot be computed is \`null\`, and the record that holds it has a \`reason\` (by field in \`reasons\`; where fields lack for different reasons \`reason\` holds them all, parted by \`; \`; \`detail\` may tell more). The reasons: \`too few\`, \`no variance\`, \`empty group\`, \`singular\`, \`not converged\`, \`perfect separation\`, \`not reached\`, \`not applicable\` (another option would fill the field), \`out of range\`.
- **Memory.** Files are read as a stream. At a million rows of some twenty columns neither a method nor the page takes more than 600 MB, whatever the columns hold: most methods keep sums and counts and need 150 to 200 MB; \`correlate\`, \`survival\`, \`churn\`, \`initiative\`, \`value\` and \`drivers --bootstrap\` keep the columns they use (8 bytes a number, 1 to 4 a category, some 100 a customer) and grow with the rows; docs/measured.md holds the figures. What would not fit, or could not be read, is refused with what to do instead: more than 50,000 groups and periods (\`nps\`, \`csat\`, \`ces\`), 200,000 units, 200 groups of \`survival\`, 50 groups of \`words\`, 60 levels of a category in a model, 200,000 different rows of ratings, 16 million customers or orders, 10,000 cohorts, series of more than 200,000 points (\`trend\`) or 20,000 (\`forecast\`), which a --date and --period cut into periods. A category of more than 1,000 values is no class for \`correlate\`, which says so of the pair. \`words\` keeps a million different words, those of each side and language counted apart; where there are more it leaves out the rarest, exactly as \`--least\` does, and says from how many on a word is kept. \`value\` lists 100,000 customers or rows; a larger \`--top\` takes some 500 bytes more for each. Progress is told on stderr from 100,000 rows on.
- Each example below, and in \`--help\`, runs as it is printed from the folder of the project; the files are in [docs/examples](examples).
- Colours and bold are for a terminal alone, and not where the environment sets \`NO_COLOR\`.
- Exit code: 0, or 2 when the command or the file was wrong.
- Where the sources are silent, the convention is that of R, named with each method. The functions are held against R to 1e-8 relative, optimised fits to 1e-5 (\`test/reference\`, \`test/stats\`).

## Methods
`

/** The whole of docs/analyze.md, made from the methods themselves. */
export async function analyzeDocs(): Promise<string> {
  const links = methods.map(({ name, summary }) => `- [${name}](#${name}): ${summary}`)
  const sections: string[] = []
  for (const method of methods) sections.push(await section(method))
  return `${introduction}\n${links.join('\n')}\n\n${sections.join('\n')}`
}

async function section(method: Method): Promise<string> {
  const { command, output } = await runExample(method)
  const cell = (text: string) => text.replaceAll('|', '\\|')
  const rows = optionRows(method).map(([name, text]) => `| \`${cell(name)}\` | ${cell(text)} |`)
  return `### ${method.name}

${method.summary}.

\`\`\`
${usage(method)}
\`\`\`

| Option | |
|---|---|
${rows.join('\n')}

${method.formulas}

Example: [${method.name}.csv](examples/${method.name}.csv) begins

\`\`\`
${method.example.csv.trimEnd().split('\n').slice(0, 5).join('\n')}
\`\`\`

\`\`\`
$ ${command}

${output.trimEnd()}
\`\`\`

<details><summary>JSON Schema of the output</summary>

\`\`\`json
${JSON.stringify(outputSchema(method))}
\`\`\`

</details>
`
}
