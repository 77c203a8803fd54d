// Words of praise and of blame, in the languages of the scales; a text with both is one of blame.

export const BAD =
  /dissatisf|unsatisf|disagree|unlikely|difficult|\bhard\b|poor|\bbad\b|worst|terrible|not at all|never|\bunhappy|missnöjd|dålig|inte alls|otrolig|osannolik|svårt|aldrig|sämst|misfornøyd|uenig|usannsynlig|vanskelig|dårlig|ikke i det hele|utilfreds|usandsynlig|unzufrieden|unwahrscheinlich|schwierig|schlecht|nicht zu|überhaupt nicht|ungenügend|mangelhaft|insatisf|pas du tout|difficile|mauvais|ontevreden|oneens|desacuerdo|tyytymätön|eri mieltä|worse|below|sämre|under förväntan|insoddisfatt|disaccordo|per niente|pessim|scars/i
export const GOOD =
  /satisf|agree|likely|\beasy|good|excellent|\bbest\b|perfect|happy|always|nöjd|\bbra\b|trolig|sannolik|\blätt|enkel|instämmer|alltid|bäst|utmärkt|fornøyd|enig|sannsynlig|\blett\b|alltid|tilfreds|sandsynlig|zufrieden|wahrscheinlich|einfach|\bgut\b|stimme|d'accord|facile|tevreden|eens|acuerdo|tyytyväinen|samaa mieltä|excellent|better|above|exceed|stämmer (?:helt|mycket|ganska bra)|bättre|ottim|d'accordo|soddisfatt|\bbuon/i
