// The scales of answers in words that are known, by language.
// In: nothing. Out: for each scale the point of each of its words, 1 for the lowest.

/** A scale: the point of each of its words. */
export interface WordScale {
  readonly language: string
  readonly points: number
  /** Whether it is another without its neutral middle. */
  readonly isHalved: boolean
  readonly of: ReadonlyMap<string, number>
}

// Lowest first, points between bars. Commas part words for one point; slashes part ways of saying that go with each
// other from both ends, so that "disagree" opposite "somewhat agree" is no scale. Words stand as `plainWords` gives them, and
// `*` for what all the answers of a column speak of.
const LISTS: Readonly<Record<string, readonly string[]>> = {
  english: [
    'strongly disagree/completely disagree/totally disagree/fully disagree|disagree/somewhat disagree/slightly disagree/tend to disagree/mostly disagree|neutral,neither,neither agree nor disagree,neither disagree nor agree,undecided|agree/somewhat agree/slightly agree/tend to agree/mostly agree|strongly agree/completely agree/totally agree/fully agree',
    'strongly disagree/completely disagree/totally disagree|disagree/mostly disagree|somewhat disagree/slightly disagree|neutral,neither,neither agree nor disagree,neither disagree nor agree,undecided|somewhat agree/slightly agree|agree/mostly agree|strongly agree/completely agree/totally agree',
    'very dissatisfied,very unsatisfied/extremely dissatisfied/completely dissatisfied|dissatisfied,unsatisfied/somewhat dissatisfied/slightly dissatisfied/fairly dissatisfied/quite dissatisfied|neutral,neither,neither satisfied nor dissatisfied,neither dissatisfied nor satisfied,ok|satisfied/somewhat satisfied/slightly satisfied/fairly satisfied/quite satisfied|very satisfied/extremely satisfied/completely satisfied',
    'very dissatisfied/extremely dissatisfied/completely dissatisfied|dissatisfied/moderately dissatisfied/mostly dissatisfied|somewhat dissatisfied/slightly dissatisfied|neutral,neither,neither satisfied nor dissatisfied,neither dissatisfied nor satisfied|somewhat satisfied/slightly satisfied|satisfied/moderately satisfied/mostly satisfied|very satisfied/extremely satisfied/completely satisfied',
    'extremely dissatisfied/completely dissatisfied|very dissatisfied|dissatisfied/somewhat dissatisfied|neutral,neither,neither satisfied nor dissatisfied,neither dissatisfied nor satisfied|satisfied/somewhat satisfied|very satisfied|extremely satisfied/completely satisfied',
    'not at all satisfied|slightly satisfied,a little satisfied|moderately satisfied,somewhat satisfied|very satisfied|extremely satisfied,completely satisfied',
    'not at all satisfied|not very satisfied|fairly satisfied,somewhat satisfied,quite satisfied|very satisfied',
    'very unlikely/extremely unlikely|unlikely/somewhat unlikely/fairly unlikely/quite unlikely|neutral,neither,neither likely nor unlikely,neither unlikely nor likely|likely/somewhat likely/fairly likely/quite likely|very likely/extremely likely',
    'very unlikely/extremely unlikely|unlikely/moderately unlikely|somewhat unlikely/slightly unlikely|neutral,neither,neither likely nor unlikely,neither unlikely nor likely|somewhat likely/slightly likely|likely/moderately likely|very likely/extremely likely',
    'extremely unlikely|very unlikely|unlikely/somewhat unlikely|neutral,neither,neither likely nor unlikely,neither unlikely nor likely|likely/somewhat likely|very likely|extremely likely',
    'not at all likely|slightly likely,not so likely,not very likely|moderately likely,somewhat likely|very likely|extremely likely',
    'not likely,not at all likely|somewhat likely|likely|very likely|extremely likely',
    'definitely not,definitely would not|probably not,probably would not|might or might not,maybe,neutral|probably,probably would,probably yes|definitely,definitely would,definitely yes',
    'very difficult,very hard/extremely difficult|difficult,hard/somewhat difficult/fairly difficult/quite difficult|neutral,neither,neither easy nor difficult,neither difficult nor easy|easy/somewhat easy/fairly easy/quite easy|very easy/extremely easy',
    'very difficult/extremely difficult|difficult/moderately difficult|somewhat difficult/slightly difficult/fairly difficult|neutral,neither,neither easy nor difficult,neither difficult nor easy|somewhat easy/slightly easy/fairly easy|easy/moderately easy|very easy/extremely easy',
    'extremely difficult|very difficult|difficult/somewhat difficult|neutral,neither,neither easy nor difficult,neither difficult nor easy|easy/somewhat easy|very easy|extremely easy',
    'very poor,very bad/very poor,very bad,terrible,awful|poor,bad|average,fair,ok,okay,so so,mediocre,neutral,acceptable,neither good nor bad,neither good nor poor|good|very good/excellent,great',
    'poor|fair|good|very good|excellent',
    'poor|fair|good|excellent',
    'terrible|poor|average|very good|excellent',
    'very poor|poor|fair|good|very good|excellent',
    'very poor|poor|fair|average|good|very good|excellent',
    'much worse|worse/somewhat worse/slightly worse|about the same,the same,same|better/somewhat better/slightly better|much better',
    'never|rarely,seldom|sometimes,occasionally|often,frequently|always',
    'never|rarely,seldom|sometimes,occasionally|usually|always',
    'never|rarely,seldom|sometimes,occasionally|often|very often',
    'never|almost never|sometimes,occasionally|almost always|always',
    'never|very rarely|rarely,seldom|sometimes,occasionally|often,frequently|always',
    'never|rarely,seldom|sometimes,occasionally|often,frequently|very often,usually|always',
    'never|very rarely|rarely,seldom|sometimes,occasionally|often,frequently|very often|always',
    'not at all important,not important|slightly important|moderately important,important|very important|extremely important',
    'much worse than expected|worse than expected|as expected,about as expected,neutral|better than expected|much better than expected',
    'far below expectations,well below expectations,far below my expectations,well below my expectations|below expectations,below my expectations,somewhat below expectations|met expectations,meets expectations,met my expectations,as expected,neutral|above expectations,exceeded expectations,exceeds expectations,above my expectations,exceeded my expectations|far above expectations,well above expectations,far exceeded expectations,far exceeds expectations,far exceeded my expectations,greatly exceeded my expectations,far above my expectations',
    'did not meet expectations,below expectations,did not meet my expectations|met expectations,met my expectations|exceeded expectations,exceeded my expectations,above expectations',
    'poor,very poor/very poor|below average/poor|average,neutral|above average/good|excellent,very good/excellent',
    'far too little|too little|about right,just right|too much|far too much',
    'not important|slightly important|important|very important|essential,extremely important',
    'very unimportant|unimportant/somewhat unimportant|neutral,neither important nor unimportant|important/somewhat important|very important',
    'not at all|a little,slightly,to a small extent|somewhat,moderately,to some extent|quite a bit,a lot,very much,very,to a great extent,to a large extent|extremely,completely,to a very great extent,to a very large extent',
    'very low quality|low quality|neutral,neither high nor low quality,neither low nor high quality,average quality,medium quality|high quality|very high quality',
    'not at all *|slightly *,a little *,not so *,not very *,not particularly *|somewhat *,moderately *,fairly *,quite *|very *|extremely *,completely *',
    'not at all *|not very *,not so *,not particularly *|fairly *,quite *,somewhat *|very *',
    'not at all *,not *|slightly *|*|very *|extremely *',
  ],
  swedish: [
    'instämmer inte alls,tar helt avstånd,håller inte alls med|instämmer inte,tar avstånd,håller inte med/instämmer delvis inte,tar delvis avstånd|varken eller,neutral,varken instämmer eller inte,varken instämmer eller tar avstånd|instämmer,håller med/instämmer delvis,håller delvis med|instämmer helt,instämmer fullt ut,instämmer helt och hållet,håller helt med',
    'instämmer inte alls,tar helt avstånd|instämmer inte,tar avstånd|instämmer delvis inte,tar delvis avstånd|varken eller,neutral,varken instämmer eller inte,varken instämmer eller tar avstånd|instämmer delvis|instämmer|instämmer helt,instämmer fullt ut,instämmer helt och hållet',
    'instämmer inte alls|instämmer i låg grad,instämmer i liten grad|instämmer delvis,instämmer till viss del|instämmer i hög grad|instämmer helt,instämmer i mycket hög grad',
    'mycket missnöjd/väldigt missnöjd/helt missnöjd|missnöjd/ganska missnöjd/något missnöjd|varken nöjd eller missnöjd,varken missnöjd eller nöjd,varken eller,neutral,ok|nöjd/ganska nöjd/något nöjd|mycket nöjd/väldigt nöjd/helt nöjd',
    'mycket missnöjd/väldigt missnöjd/helt missnöjd|missnöjd|ganska missnöjd/något missnöjd/lite missnöjd|varken nöjd eller missnöjd,varken missnöjd eller nöjd,varken eller,neutral|ganska nöjd/något nöjd/lite nöjd|nöjd|mycket nöjd/väldigt nöjd/helt nöjd',
    'inte alls nöjd|inte särskilt nöjd|ganska nöjd|mycket nöjd',
    'mycket otroligt,mycket osannolikt,inte alls troligt,inte alls sannolikt|otroligt,osannolikt/ganska otroligt,ganska osannolikt|varken eller,neutral,varken troligt eller otroligt,varken sannolikt eller osannolikt|troligt,sannolikt/ganska troligt,ganska sannolikt|mycket troligt,mycket sannolikt',
    'mycket svårt|svårt/ganska svårt|varken lätt eller svårt,varken svårt eller lätt,varken enkelt eller svårt,varken eller,neutral|lätt,enkelt/ganska lätt,ganska enkelt|mycket lätt,mycket enkelt',
    'mycket svårt|svårt|ganska svårt/något svårt|varken lätt eller svårt,varken svårt eller lätt,varken enkelt eller svårt,varken eller,neutral|ganska lätt,ganska enkelt/något lätt,något enkelt|lätt,enkelt|mycket lätt,mycket enkelt',
    'mycket dåligt,mycket dålig|dåligt,dålig/ganska dåligt,ganska dålig|varken bra eller dåligt,varken bra eller dålig,varken eller,neutral,godkänt,godkänd,ok,okej,sådär,så där,medel|bra/ganska bra|mycket bra',
    'mycket dåligt,mycket dålig|dåligt,dålig|ganska dåligt,ganska dålig|varken bra eller dåligt,varken bra eller dålig,varken eller,neutral|ganska bra|bra|mycket bra',
    'dåligt,dålig|godkänt,godkänd|bra|mycket bra|utmärkt',
    'aldrig|sällan|ibland|ofta|alltid',
    'aldrig|mycket sällan|sällan|ibland|ofta|mycket ofta|alltid',
    'inte alls|i liten utsträckning,i låg grad,i liten grad|i viss utsträckning,i viss mån,delvis|i stor utsträckning,i hög grad,i stor grad|i mycket stor utsträckning,i mycket hög grad',
    'mycket otrygg|otrygg/ganska otrygg|varken eller,neutral,varken trygg eller otrygg|trygg/ganska trygg|mycket trygg',
    'stämmer inte alls,stämmer inte,stämmer mycket dåligt|stämmer ganska dåligt,stämmer dåligt,stämmer mindre bra,stämmer i låg grad,stämmer i liten grad|varken eller,neutral,stämmer varken bra eller dåligt,stämmer delvis,stämmer till viss del,stämmer någorlunda|stämmer ganska bra,stämmer bra,stämmer till stor del,stämmer i hög grad|stämmer helt,stämmer mycket bra,stämmer precis,stämmer helt och hållet,stämmer fullt ut,stämmer mycket väl,stämmer i mycket hög grad',
    'stämmer inte alls,stämmer inte|stämmer delvis,stämmer till viss del,stämmer i viss mån|stämmer till stor del,stämmer i stort sett,stämmer i stort|stämmer helt,stämmer precis,stämmer helt och hållet,stämmer fullt ut',
    'instämmer inte alls|instämmer delvis,instämmer till viss del|instämmer till stor del,instämmer i stort sett,instämmer i stort|instämmer helt,instämmer helt och hållet,instämmer fullt ut',
    'inte alls|i liten utsträckning,i låg grad,i liten grad,lite|i ganska stor utsträckning,i ganska hög grad|i stor utsträckning,i hög grad,i mycket stor utsträckning,i mycket hög grad',
    'mycket sämre än förväntat,mycket sämre än väntat|sämre än förväntat,sämre än väntat/något sämre än förväntat|som förväntat,som väntat,neutral|bättre än förväntat,bättre än väntat/något bättre än förväntat|mycket bättre än förväntat,mycket bättre än väntat',
    'långt under förväntan,mycket under förväntan|under förväntan|som förväntat,enligt förväntan,motsvarar förväntan,neutral|över förväntan|långt över förväntan,mycket över förväntan',
    'mycket sämre|sämre/något sämre|oförändrat,varken eller,likadant,neutral|bättre/något bättre|mycket bättre',
    'aldrig|sällan|ibland|ofta|mycket ofta',
    'aldrig|nästan aldrig|ibland|nästan alltid|alltid',
    'mycket oviktigt|oviktigt/ganska oviktigt|varken eller,neutral,varken viktigt eller oviktigt|viktigt/ganska viktigt|mycket viktigt',
    'inte alls *|inte särskilt *,inte så *|varken eller,neutral|ganska *|mycket *,väldigt *',
    'inte alls *|lite *|ganska *,någorlunda *|mycket *,väldigt *|extremt *,oerhört *',
  ],
  norwegian: [
    'helt uenig/svært uenig|uenig/delvis uenig/litt uenig|verken eller,nøytral,verken enig eller uenig,hverken enig eller uenig,hverken eller|enig/delvis enig/litt enig|helt enig/svært enig',
    'helt uenig/svært uenig|uenig|delvis uenig/litt uenig|verken eller,nøytral,verken enig eller uenig,hverken enig eller uenig,hverken eller|delvis enig/litt enig|enig|helt enig/svært enig',
    'svært misfornøyd,meget misfornøyd/veldig misfornøyd|misfornøyd/ganske misfornøyd/litt misfornøyd|verken eller,nøytral,verken fornøyd eller misfornøyd,hverken eller|fornøyd/ganske fornøyd/litt fornøyd|svært fornøyd,meget fornøyd/veldig fornøyd',
    'svært misfornøyd,meget misfornøyd/veldig misfornøyd|misfornøyd|ganske misfornøyd/litt misfornøyd|verken eller,nøytral,verken fornøyd eller misfornøyd,hverken eller|ganske fornøyd/litt fornøyd|fornøyd|svært fornøyd,meget fornøyd/veldig fornøyd',
    'svært usannsynlig,lite sannsynlig|usannsynlig/ganske usannsynlig|verken eller,nøytral,verken sannsynlig eller usannsynlig|sannsynlig/ganske sannsynlig|svært sannsynlig,meget sannsynlig',
    'svært vanskelig,veldig vanskelig|vanskelig/ganske vanskelig|verken eller,nøytral,verken lett eller vanskelig|lett,enkelt/ganske lett,ganske enkelt|svært lett,svært enkelt,veldig lett,veldig enkelt',
    'svært dårlig,meget dårlig,veldig dårlig|dårlig/ganske dårlig|verken eller,nøytral,verken god eller dårlig,verken bra eller dårlig,middels,ok|god,bra/ganske god,ganske bra|svært god,svært bra,meget god,meget bra,veldig god,veldig bra',
    'aldri|sjelden|av og til,noen ganger,iblant|ofte|alltid',
    'stemmer ikke i det hele tatt,stemmer ikke,stemmer svært dårlig|stemmer dårlig,stemmer ganske dårlig,stemmer i liten grad|verken eller,hverken eller,nøytral,stemmer delvis|stemmer bra,stemmer ganske bra,stemmer i stor grad|stemmer helt,stemmer svært godt,stemmer svært bra,stemmer i svært stor grad',
    'i svært liten grad,ikke i det hele tatt|i liten grad|i noen grad,verken eller,nøytral|i stor grad|i svært stor grad',
    'mye dårligere enn forventet|dårligere enn forventet|som forventet,nøytral|bedre enn forventet|mye bedre enn forventet',
    'svært uviktig|uviktig/ganske uviktig|verken eller,nøytral|viktig/ganske viktig|svært viktig',
    'ikke i det hele tatt *,ikke *|lite *,litt *,ikke særlig *|verken eller,hverken eller,nøytral|ganske *|svært *,veldig *,meget *',
  ],
  danish: [
    'helt uenig|uenig/delvis uenig/lidt uenig|hverken eller,neutral,hverken enig eller uenig|enig/delvis enig/lidt enig|helt enig',
    'helt uenig|uenig|delvis uenig/lidt uenig|hverken eller,neutral,hverken enig eller uenig|delvis enig/lidt enig|enig|helt enig',
    'meget utilfreds|utilfreds/ganske utilfreds/lidt utilfreds|hverken eller,neutral,hverken tilfreds eller utilfreds|tilfreds/ganske tilfreds/lidt tilfreds|meget tilfreds',
    'meget utilfreds|utilfreds|ganske utilfreds/lidt utilfreds|hverken eller,neutral,hverken tilfreds eller utilfreds|ganske tilfreds/lidt tilfreds|tilfreds|meget tilfreds',
    'meget usandsynligt,meget usandsynlig|usandsynligt,usandsynlig|hverken eller,neutral,hverken sandsynligt eller usandsynligt|sandsynligt,sandsynlig|meget sandsynligt,meget sandsynlig',
    'meget svært,meget vanskeligt|svært,vanskeligt|hverken eller,neutral,hverken let eller svært|let,nemt|meget let,meget nemt',
    'meget dårlig,meget dårligt|dårlig,dårligt|hverken eller,neutral,hverken god eller dårlig,middel|god,godt|meget god,meget godt',
    'aldrig|sjældent,sjælden|nogle gange,af og til|ofte|altid',
    'passer slet ikke,passer overhovedet ikke|passer dårligt,passer mindre godt|hverken eller,neutral,passer delvist|passer godt,passer nogenlunde|passer helt,passer meget godt',
    'slet ikke,i meget ringe grad,i meget lav grad|i ringe grad,i mindre grad,i lav grad|i nogen grad,hverken eller,neutral|i høj grad|i meget høj grad',
    'meget dårligere end forventet|dårligere end forventet|som forventet,neutral|bedre end forventet|meget bedre end forventet',
    'slet ikke *,overhovedet ikke *,ikke *|lidt *,ikke særlig *,mindre *|hverken eller,neutral|ganske *,noget *|meget *',
  ],
  german: [
    'stimme überhaupt nicht zu,stimme gar nicht zu,trifft überhaupt nicht zu,trifft gar nicht zu|stimme nicht zu,trifft nicht zu/stimme eher nicht zu,trifft eher nicht zu|neutral,teils teils,weder noch|stimme zu,trifft zu/stimme eher zu,trifft eher zu|stimme voll zu,stimme völlig zu,stimme voll und ganz zu,stimme vollkommen zu,trifft voll zu,trifft völlig zu,trifft voll und ganz zu',
    'stimme überhaupt nicht zu,stimme gar nicht zu,trifft überhaupt nicht zu,trifft gar nicht zu|stimme nicht zu,trifft nicht zu|stimme eher nicht zu,trifft eher nicht zu|neutral,teils teils,weder noch|stimme eher zu,trifft eher zu|stimme zu,trifft zu|stimme voll zu,stimme völlig zu,stimme voll und ganz zu,stimme vollkommen zu,trifft voll zu,trifft völlig zu,trifft voll und ganz zu',
    'stimme nicht zu,trifft nicht zu|stimme eher nicht zu,trifft eher nicht zu|neutral,teils teils,weder noch|stimme eher zu,trifft eher zu|stimme zu,trifft zu',
    'sehr unzufrieden/äußerst unzufrieden|unzufrieden/eher unzufrieden|neutral,teils teils,weder noch,weder zufrieden noch unzufrieden|zufrieden/eher zufrieden|sehr zufrieden/äußerst zufrieden',
    'sehr unzufrieden/äußerst unzufrieden|unzufrieden|eher unzufrieden/etwas unzufrieden|neutral,teils teils,weder noch,weder zufrieden noch unzufrieden|eher zufrieden/etwas zufrieden|zufrieden|sehr zufrieden/äußerst zufrieden',
    'sehr unwahrscheinlich|unwahrscheinlich/eher unwahrscheinlich|neutral,teils teils,weder noch|wahrscheinlich/eher wahrscheinlich|sehr wahrscheinlich',
    'sehr schwierig,sehr schwer|schwierig,schwer/eher schwierig,eher schwer|neutral,teils teils,weder noch|einfach,leicht/eher einfach,eher leicht|sehr einfach,sehr leicht',
    'sehr schwierig,sehr schwer|schwierig,schwer|eher schwierig,eher schwer|neutral,teils teils,weder noch|eher einfach,eher leicht|einfach,leicht|sehr einfach,sehr leicht',
    'sehr schlecht|schlecht/eher schlecht|mittelmäßig,mittel,geht so,befriedigend,neutral,teils teils,weder noch|gut/eher gut|sehr gut',
    'schlecht|ausreichend|gut|sehr gut|ausgezeichnet',
    'ungenügend|mangelhaft|ausreichend|befriedigend|gut|sehr gut',
    'nie,niemals|selten|manchmal,gelegentlich|oft,häufig|immer',
    'trifft überhaupt nicht zu,trifft gar nicht zu,trifft nicht zu|trifft eher nicht zu,trifft wenig zu|teils teils,neutral,trifft teilweise zu|trifft eher zu,trifft überwiegend zu|trifft voll zu,trifft völlig zu,trifft voll und ganz zu,trifft genau zu,trifft zu',
    'viel schlechter als erwartet,deutlich schlechter als erwartet|schlechter als erwartet/etwas schlechter als erwartet|wie erwartet,neutral|besser als erwartet/etwas besser als erwartet|viel besser als erwartet,deutlich besser als erwartet',
    'sehr unwichtig|unwichtig/eher unwichtig|neutral,teils teils,weder noch|wichtig/eher wichtig|sehr wichtig',
    'nie,niemals|selten|manchmal,gelegentlich|oft,häufig|sehr oft,sehr häufig',
    'überhaupt nicht|wenig,kaum|etwas,mittelmäßig,teils teils|ziemlich|sehr,völlig',
    'gar nicht *,überhaupt nicht *,nicht *|wenig *,kaum *,eher nicht *,weniger *|teils teils,neutral,weder noch,mittelmäßig *,einigermaßen *|eher *,ziemlich *|sehr *,äußerst *',
  ],
  dutch: [
    'zeer ontevreden|ontevreden/enigszins ontevreden|neutraal,niet tevreden niet ontevreden|tevreden/enigszins tevreden|zeer tevreden',
    'zeer ontevreden|ontevreden|enigszins ontevreden|neutraal,niet tevreden niet ontevreden|enigszins tevreden|tevreden|zeer tevreden',
    'helemaal oneens,helemaal mee oneens,zeer oneens|oneens,mee oneens|neutraal,eens noch oneens,niet eens niet oneens|eens,mee eens|helemaal eens,helemaal mee eens,zeer eens',
    'nooit|zelden|soms|vaak|altijd',
    'zeer onwaarschijnlijk|onwaarschijnlijk|neutraal|waarschijnlijk|zeer waarschijnlijk',
    'zeer slecht|slecht|neutraal,matig,voldoende,redelijk|goed|zeer goed',
    'zeer moeilijk|moeilijk|neutraal|makkelijk,gemakkelijk,eenvoudig|zeer makkelijk,zeer gemakkelijk,zeer eenvoudig',
    'zeer onbelangrijk|onbelangrijk|neutraal|belangrijk|zeer belangrijk',
    'veel slechter dan verwacht|slechter dan verwacht|zoals verwacht,neutraal|beter dan verwacht|veel beter dan verwacht',
    'helemaal niet *,niet *|niet zo *,een beetje *,weinig *|neutraal,enigszins *,redelijk *|vrij *,tamelijk *|heel *,zeer *,erg *',
  ],
  french: [
    "pas du tout d'accord|pas d'accord/plutôt pas d'accord|neutre,ni d'accord ni pas d'accord,ni d'accord ni en désaccord|d'accord/plutôt d'accord|tout à fait d'accord",
    "pas du tout d'accord|pas d'accord|plutôt pas d'accord|neutre,ni d'accord ni pas d'accord,ni d'accord ni en désaccord|plutôt d'accord|d'accord|tout à fait d'accord",
    'très insatisfait|insatisfait/plutôt insatisfait|neutre,ni satisfait ni insatisfait|satisfait/plutôt satisfait|très satisfait',
    'très insatisfait|insatisfait|plutôt insatisfait|neutre,ni satisfait ni insatisfait|plutôt satisfait|satisfait|très satisfait',
    'pas du tout satisfait|plutôt pas satisfait,peu satisfait|plutôt satisfait,assez satisfait|tout à fait satisfait,très satisfait',
    'très improbable|improbable|neutre,ni probable ni improbable|probable|très probable',
    'très difficile|difficile|neutre,ni facile ni difficile|facile|très facile',
    'mauvais|passable|bien,bon|très bien,très bon|excellent',
    'jamais|rarement|parfois|souvent|toujours',
    'très mauvais,très mauvaise|mauvais,mauvaise/plutôt mauvais,plutôt mauvaise|neutre,moyen,moyenne,passable,correct,correcte|bon,bonne,bien/plutôt bon,plutôt bonne|très bon,très bonne,très bien',
    'jamais|rarement|parfois,quelquefois|souvent|très souvent,toujours',
    'bien moins bien que prévu,beaucoup moins bien que prévu|moins bien que prévu|comme prévu,neutre|mieux que prévu|bien mieux que prévu,beaucoup mieux que prévu',
    'très improbable|plutôt improbable,peu probable|neutre,ni probable ni improbable|plutôt probable|très probable',
    'très difficile|plutôt difficile,assez difficile|neutre,ni facile ni difficile|plutôt facile,assez facile|très facile',
    'pas du tout *|pas vraiment *,plutôt pas *,peu *,un peu *|neutre,moyennement *|plutôt *,assez *|très *,tout à fait *,extrêmement *',
    'pas du tout *|pas vraiment *,plutôt pas *,peu *,un peu *|plutôt *,assez *|très *,tout à fait *,extrêmement *',
  ],
  spanish: [
    'totalmente en desacuerdo,muy en desacuerdo|en desacuerdo|neutral,ni de acuerdo ni en desacuerdo|de acuerdo|totalmente de acuerdo,muy de acuerdo',
    'muy insatisfecho|insatisfecho/algo insatisfecho|neutral,ni satisfecho ni insatisfecho|satisfecho/algo satisfecho|muy satisfecho',
    'muy insatisfecho|insatisfecho|algo insatisfecho|neutral,ni satisfecho ni insatisfecho|algo satisfecho|satisfecho|muy satisfecho',
    'malo,mala|regular|bueno,buena|muy bueno,muy buena|excelente',
    'muy malo,muy mala|malo,mala|regular|bueno,buena|muy bueno,muy buena',
    'nunca|raramente,rara vez|a veces|a menudo|siempre',
    'muy improbable|improbable/poco probable|neutral,ni probable ni improbable|probable/bastante probable|muy probable',
    'muy difícil|difícil|neutral,ni fácil ni difícil|fácil|muy fácil',
    'nunca|casi nunca|a veces,algunas veces|casi siempre|siempre',
    'mucho peor de lo esperado|peor de lo esperado|como esperaba,como se esperaba,neutral|mejor de lo esperado|mucho mejor de lo esperado',
    'nada *|poco *|algo *,neutral,moderadamente *|bastante *|muy *,totalmente *',
  ],
  finnish: [
    'täysin eri mieltä|eri mieltä/jokseenkin eri mieltä|ei samaa eikä eri mieltä,en samaa enkä eri mieltä,neutraali|samaa mieltä/jokseenkin samaa mieltä|täysin samaa mieltä',
    'erittäin tyytymätön|tyytymätön/melko tyytymätön|neutraali,ei tyytyväinen eikä tyytymätön,en tyytyväinen enkä tyytymätön|tyytyväinen/melko tyytyväinen|erittäin tyytyväinen',
    'erittäin huono,erittäin huonosti|huono,huonosti/melko huono|kohtalainen,tyydyttävä,neutraali,kohtalaisesti|hyvä,hyvin/melko hyvä|erittäin hyvä,erittäin hyvin',
    'erittäin vaikea,erittäin vaikeaa|vaikea,vaikeaa/melko vaikea,melko vaikeaa|neutraali,ei helppo eikä vaikea|helppo,helppoa/melko helppo,melko helppoa|erittäin helppo,erittäin helppoa',
    'erittäin epätodennäköisesti,erittäin epätodennäköistä|epätodennäköisesti,epätodennäköistä|neutraali,ehkä|todennäköisesti,todennäköistä|erittäin todennäköisesti,erittäin todennäköistä',
    'ei koskaan,en koskaan|harvoin|joskus,silloin tällöin,toisinaan|usein|aina',
    'ei lainkaan *,ei ollenkaan *|ei kovin *,vähän *|neutraali,jonkin verran *|melko *|erittäin *,hyvin *',
  ],
  italian: [
    "completamente in disaccordo,fortemente in disaccordo,per niente d'accordo,totalmente in disaccordo|in disaccordo,poco d'accordo/parzialmente in disaccordo|neutrale,indifferente,né d'accordo né in disaccordo|d'accordo,abbastanza d'accordo/parzialmente d'accordo|completamente d'accordo,fortemente d'accordo,molto d'accordo,totalmente d'accordo",
    'molto insoddisfatto,molto insoddisfatta|insoddisfatto,insoddisfatta|neutrale,né soddisfatto né insoddisfatto,né soddisfatta né insoddisfatta|soddisfatto,soddisfatta|molto soddisfatto,molto soddisfatta',
    'molto improbabile|improbabile|neutrale,né probabile né improbabile|probabile|molto probabile',
    'molto difficile|difficile|neutrale,né facile né difficile|facile|molto facile',
    'pessimo,pessima|scarso,scarsa|sufficiente,neutrale,discreto,discreta|buono,buona|ottimo,ottima,eccellente',
    'mai|raramente|a volte,qualche volta,talvolta|spesso|sempre',
    'per niente *,per nulla *|poco *|neutrale,né né|abbastanza *|molto *',
  ],
}

const NEUTRAL = /^(?:neutral[ei]?|neutraali?|neutre|nøytral)$/

/** Every scale, each way of saying apart; those with a neutral middle without it as well. */
export const scales: readonly WordScale[] = Object.entries(LISTS).flatMap(([language, lists]) =>
  lists.flatMap((list) => waysOf(list, language).flatMap((scale) => [scale, ...withoutMiddle(scale)])),
)

function withoutMiddle({ language, points, of }: WordScale): WordScale[] {
  const middle = (points + 1) / 2
  if (points < 5 || ![...of].some(([word, point]) => point === middle && NEUTRAL.test(word))) return []
  const others = [...of].filter(([, point]) => point !== middle)
  return [
    {
      language,
      points: points - 1,
      isHalved: true,
      of: new Map(others.map(([word, point]) => [word, point < middle ? point : point - 1])),
    },
  ]
}

function waysOf(list: string, language: string): WordScale[] {
  const points = list.split('|').map((point) => point.split('/').map((way) => way.split(',')))
  const half = Math.ceil(points.length / 2)
  // A choice for each pair of points from the ends inwards.
  let choices: number[][] = [[]]
  for (let k = 0; k < half; k++)
    choices = choices.flatMap((choice) => points[k]!.map((_, way) => [...choice, way]))
  return choices.map((choice) => ({
    language,
    points: points.length,
    isHalved: false,
    of: new Map(
      points.flatMap((ways, k) => {
        const words = ways[choice[Math.min(k, points.length - 1 - k)]!]!
        // "~" stands for every other way to say neither.
        const all = words.some((word) => NEUTRAL.test(word)) ? [...words, '~'] : words
        return all.map((word) => [word, k + 1] as const)
      }),
    ),
  }))
}
