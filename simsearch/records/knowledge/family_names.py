"""Common family names, and endings of such, as `normalise` leaves them."""

from __future__ import annotations

__all__ = ["CHINESE_FAMILY_NAMES", "COMMON_FAMILY_NAMES", "FAMILY_ENDINGS"]

COMMON_FAMILY_NAMES = """
adams aguilar ahmed aksoy ali allen alonso alvarez andersen anderson arnold aydin bailey baker bauer
baumann beck becker bell bennett berg berger bergmann bernard bianchi blanco boehm bohm bonnet brandt braun brooks
brown bruno busch butler campbell carter castillo castro celik chan chavez chen clark clarke collins
colombo conti cook cooper costa cox cruz davies davis dela demir deluca devries diaz dietz dominguez dubois
dupont durand edwards engel ernst esposito evans fernandez ferrari ferreira fischer fisher flores fontaine
foster fournier frank franke friedrich fuchs gallo garcia garnier gil girard gomes gomez gonzalez
gonzales gordon graf gray green greco griffin gross gunther guerrero gupta gutierrez guzman haas hahn
hall hamilton hansen harris hartmann hayes heinrich henry herman hernandez herrera herrmann hill
hoffmann hofmann horn howard huang huber hughes hussain ivanov ivanova jackson jager jansen jansson
jansen jenkins jensen jimenez johansson johnson jones jorgensen jung kaiser kaya kaminski keller kelly kelley
khan kim king klein koch kohler konig kowalski kowalska kramer kraus krause kruger kuhn kumar kuznetsov
lang lange larsen larsson laurent lee lefebvre lehmann leroy lewandowski lewis li lin lind liu long
lopez lorenz ludwig maier mancini marino marquez marshall martin martinez martinez mayer medina meier
mendez mendoza meyer michel miller mitchell moore morales moreau moreno morgan morris muller mueller munoz murphy
murray navarro nelson neumann nguyen nielsen nilsson novak nowak olsen olsson ortega ortiz ozturk
parker patel perez perry petersen peterson petit petrov pfeiffer phillips pohl popov powell price
ramirez ramos reed reyes reynolds ricci richard richardson richter rivera roberts robinson rodriguez
rogers romano romero rose ross rossi roth rousseau roux ruiz russell russo ryan sahin sanchez sanders
santos sauer schafer schmid schmidt schmitt schmitz schneider scholz schreiber schroder schubert schulte
schulz schulze schumacher schuster schwarz scott seidel sharma silva simmons simon singer singh smirnov smith
sokolov sommer sorensen souza stein stewart suarez sullivan suzuki svensson sato tanaka takahashi taylor
thomas thompson tran torres turner vargas vasquez vazquez vega vidal vogel vogt voigt volkov wagner walker wallace walter
wang ward watson weber weiss werner west white williams wilson winkler winter wojcik wolf wong wood
woods wright wu yadav yamamoto yang yildiz yilmaz young zhang zhao zhou ziegler zimmermann
иванов петров сидоров смирнов кузнецов попов соколов лебедев козлов новиков морозов волков
"""

# Endings that are seldom those of other words; for names of no list.
FAMILY_ENDINGS = (
    "sson", "ssen", "owski", "owska", "ewski", "ewska", "escu", "opoulos", "idis", "vich", "vych",
    "enko", "oglu", "yan", "ian", "shvili", "mann", "meier", "meyer", "berg", "stein", "ova", "eva",
    "ov", "ev", "ez", "ini", "elli", "etti", "ски", "ова", "ева", "енко", "ович",
)  # fmt: skip

CHINESE_FAMILY_NAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
    "張陳劉楊趙黃吳孫馬羅鄭謝韓馮蕭鄧許蘇盧蔣賈葉閻鐘譚鄒陸顧萬錢湯龔佐鈴高渡伊山中小加吉"
)
