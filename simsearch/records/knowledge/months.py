"""Names of months as `normalise` leaves them, in many languages."""

from __future__ import annotations

__all__ = ["MONTHS"]

# English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Czech, Russian and
# Ukrainian (as in dates), Turkish, Nordic, Hungarian, Romanian, Greek, Arabic; short forms too.
_NAMES = (
    "january jan januar jaenner janner janvier janv enero ene gennaio gen janeiro januari styczen stycznia sty leden ledna января январь янв січня ocak oca tammikuuta januar ianuarie ianouariou ιανουαριου يناير",
    "february feb februar fevrier fevr fev febrero febbraio fevereiro februari luty lutego lut unor unora февраля февраль фев лютого subat sub helmikuuta februarie φεβρουαριου فبراير",
    "march mar marz maerz mars marzo marco maart mrt marzec marca brezen brezna марта март мар березня mart maaliskuuta marcius martie μαρτιου مارس",
    "april apr avril avr abril abr aprile kwiecien kwietnia kwi duben dubna апреля апрель апр квітня nisan nis huhtikuuta aprilis aprilie απριλιου ابريل",
    "may mai mayo maggio mag maio mei maj maja kveten kvetna мая маи травня mayis toukokuuta majus μαιου مايو",
    "june jun juni juin junio giugno giu junho czerwiec czerwca cze cerven cervna июня июнь июн червня haziran haz kesakuuta junius iunie ιουνιου يونيو",
    "july jul juli juillet juil julio luglio lug julho lipiec lipca lip cervenec cervence июля июль июл липня temmuz tem heinakuuta julius iulie ιουλιου يوليو",
    "august aug aout agosto ago augustus sierpien sierpnia sie srpen srpna августа август авг серпня agustos elokuuta augusztus αυγουστου اغسطس",
    "september sep sept septembre septiembre setembro settembre set wrzesien wrzesnia wrz zari сентября сентябрь сен сент вересня eylul eyl syyskuuta szeptember septembrie σεπτεμβριου سبتمبر",
    "october oct oktober okt octobre octubre ottobre ott outubro out pazdziernik pazdziernika paz rijen rijna октября октябрь окт жовтня ekim eki lokakuuta oktober octombrie οκτωβριου اكتوبر",
    "november nov novembre noviembre novembro listopad listopada lis listopadu ноября ноябрь ноя нояб листопада kasim kas marraskuuta noiembrie νοεμβριου نوفمبر",
    "december dec dezember dez decembre diciembre dic dicembre dezembro desember grudzien grudnia gru prosinec prosince декабря декабрь дек грудня aralik ara joulukuuta decembrie δεκεμβριου ديسمبر",
)

MONTHS: dict[str, int] = {
    name: number for number, names in enumerate(_NAMES, start=1) for name in names.split()
}
