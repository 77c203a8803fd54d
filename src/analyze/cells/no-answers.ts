// What people write, or tools write for them, where there is no answer, in ten languages.
// In: a cell. Out: whether it says so.

const PHRASE = new RegExp(
  `^(?:i )?(?:${[
    "don'?t know|do not know|not sure|unsure|no opinion|no (?:answer|response|reply|rating|score|feedback|data|value)|not applicable|does not apply|doesn'?t apply",
    'prefer not to (?:say|answer)|rather not say|refused|declined|dk|no experience|not (?:answered|stated|provided|asked|relevant|rated|scored|reviewed|given|available|specified)',
    "(?:can'?t|cannot|can not|unable to) (?:say|tell|judge|rate|assess|answer|decide)|did not (?:answer|use|visit|attend|participate)|didn'?t (?:answer|use|visit|attend)|(?:have not|haven'?t) (?:used|visited|tried|had)|not used",
    'vet (?:ej|inte)|(?:ej|inte) (?:aktuellt?|relevant|tillämpligt?|besvara[dt]e?|svarat|angivet|angett|betygsatt|ifylld?t?)|(?:har )?ingen (?:åsikt|uppfattning|erfarenhet)',
    '(?:ej|inget) svar|(?:vill|kan|kunde|önskar) (?:ej|inte) (?:svara|bedöma|säga|ange|avgöra|ta ställning)|uppgift saknas|svar saknas|(?:har|deltog|använder|använt|besökt) (?:ej|inte)( använt| besökt| provat| varit| deltagit)?',
    'vet ikke|ikke (?:aktuelt|relevant|besvart|besvaret|svart|svaret|oppgitt|oplyst)|ingen (?:mening|formening)|(?:har )?ingen (?:mening|erfaring)',
    '(?:ønsker|vil|kan) ikke (?:å |at )?(?:svare|vurdere|bedømme|si|sige|ta stilling)|ved ikke|intet svar|ikke svar|har ikke (?:brukt|benyttet|brugt|besøkt|besøgt|deltatt|deltaget|prøvd)|deltok ikke|deltog ikke',
    'frage nicht beantwortet|(?:habe ich )?nicht (?:genutzt|benutzt|besucht|teilgenommen)|wei(?:ß|ss) (?:ich )?nicht|keine (?:angaben?|antwort|meinung|erfahrung)|nicht (?:zutreffend|beantwortet|angegeben|beurteilbar|relevant)',
    '(?:kann|möchte|will) (?:ich )?(?:das )?nicht (?:beurteilen|sagen|beantworten|einschätzen|antworten)',
    '(?:ne|je ne) (?:sait|sais) pas|ne se prononce(?:nt)? pas|sans (?:opinion|avis|réponse|objet)|(?:pas de|aucune) réponse|non (?:applicable|concernée?|répondu|renseignée?)|pas (?:concernée?|applicable)|(?:je )?(?:préfère|souhaite|veux) ne pas (?:répondre|dire)',
    'no sabe|no sé|no (?:contesta|responde|aplica|procede|opina)|ns nc|sin (?:respuesta|opinión|contestar)|prefier[oe] no (?:responder|decir|contestar)',
    'weet (?:ik )?niet|geen (?:mening|antwoord|ervaring)|niet (?:van toepassing|beantwoord|ingevuld|bekend)|zeg ik liever niet',
    'en osaa sanoa|ei osaa sanoa|ei (?:mielipidettä|vastausta|vastattu|sovellu|koske)|en (?:tiedä|halua vastata|halua sanoa)|ei kokemusta',
    'non (?:so|sa|saprei|risponde|applicabile|pertinente)|nessuna (?:risposta|opinione)|preferisco non (?:rispondere|dire)|senza risposta',
  ].join('|')})( .*)?$`,
)
const WORD =
  /^(?:k a|n a|(?:un|not )?offered|n v t|nsp|eos|blank|empty|missing|unknown|unanswered|skipped|saknas|okänd|okänt|obesvara[dt]|tomt?|mangler|ukjent|ubesvart|ukendt|ubesvaret|unbekannt|unbeantwortet|fehlt|leer|inconnue?|manquante?|vide|desconocid[oa]|vacío|onbekend|ontbreekt|leeg|tuntematon|puuttuu|tyhjä|sconosciut[oa]|mancante|vuoto)$/
const MARK = /^(?:[-–—.?*/]+)$/
const LONGEST = 60

/** Words without case, marks and doubled blanks. */
export const plainWords = (text: string) =>
  text
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/[^\p{L}\p{N}']+/gu, ' ')
    .trim()

/** Whether a cell says that there is no answer: "Don't know", "Vet ej", "9 - No opinion", "-", "(blank)". */
export function isNoOpinion(cell: string): boolean {
  if (cell.length > LONGEST) return false
  const words = plainWords(cell).replace(/^\d+ /, '')
  return words === '' ? MARK.test(cell.trim()) : WORD.test(words) || PHRASE.test(words)
}
