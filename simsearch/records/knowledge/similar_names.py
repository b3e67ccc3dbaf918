"""Family names that are a letter away from another one, as `normalise` leaves them.

`bauer` and `baur` are two families and no misspelling. Of the 5,000 most frequent names of the
census of the United States of 1990 (public domain) those that have such a neighbour among them and
are no other word, and European and British names that are often mixed up.
"""

from __future__ import annotations

__all__ = ["SIMILAR_FAMILY_NAMES"]

SIMILAR_FAMILY_NAMES = """
abell abner abney acker adame adkins aguiar ahern akers akins albers aleman alford alger allan allard
allman allred allyn alonzo alston altman alvares amaya anaya andersson andrus angulo appel arreola arriola
artis ayers ayres baber babin baca bader baer baez bagley baier baily baines bair bales ballinger bandy
barbee barden barger barham barker barkley barnes barnette barone barreto barrios barrows bartley basham
bateman batista batiste batson batten batts baum bauman baumgardner baumgartner baur baxley bayer bayley
bayne beal beall beals beaman beamon beane bearden beaty beavers bedard beeson begay begley beier bello
belton benavides benavidez benge benner bergman berrios bethea bettis betts betz bevins beyer bianco biggs
binder binkley bivens bivins blackman blackmon blais blalock blanks blaylock blevins blount blum boatman
boatright boatwright bock bogan boggs bohn boland bolden bolen boles bolin boling bolling bollinger bonner
boothe borden boren bostic bostick boucher boudreau boudreaux bowden bowens bower bowers bowles bowlin
bowser boyce boyles branham brannon branson bratton braxton breen brenner brice briley brill brinkley
brinson brito britt britton brogan bronson browder brower browne broyles bruner brunner bruns brunson
bruton bucher bueno buie bullard bundy burch burdette burge burk burkett burks burley burn burnette burney
burns burrow buss butts buxton byars byers byrne byrnes cabrera cady cagle callaghan callaway calloway
cambell canady cano cantrell cantu cantwell canty capps carden carder cardona cardoza cardwell carlin
carlsen carlson carlsson carmona carnes carney caron carper carr carrera carrico carrion carswell caruso
casas caskey cason cassell castellano castellanos caswell cate cates cato catron causey chamberlin chaney
chatman chau chaves chavis chesser childs chinn chisholm chisolm chiu choate christensen christenson
christiansen christianson christman cintron clanton clapp cleary clem clemente clemmons clemons clerk
clouse coates cobbs coble coburn cohn coker colburn cole coleman coles coley collado collazo collett
collette colley colman colson colvin colwell combs comer conaway conger conley conn connelly conner
conners connor connors conte contini conyers cooke cooley coombs coon cooney coons copley corbitt cordell
corley cornett cornwell corral correa correia cortez corwin cosby cota cothran cotter cottle covey cowart
cowell cowles cowley coxe coyle coyne crain cranford crawford crayton creamer creel cress crider crist
criswell cromer crooks crouse crowell crowford crum crump cruse culp culver cummins cupp curley currier
curtin dabbs daigle dailey daley damron dang darden daugherty davison davys deane deaton deleon delong
denham denney denning denson derr devine dias dickson dill dingle dixon doan dobbs dodds dodson dolan
dominquez donahue donley donohue dooley doran dorman dorn dotson dougherty dowd dowdell dowdy dowell
dowling downes downey drayton dube dubose duffey duffy dugan dugas duggan dulaney dumas dunham dunning
dupre dupree durant durbin durden durkin durr duvall dykes eads earley easley eason eaves eckardt eckert
eckhardt edmonds edward eliot eller elliot elliott ellis ellison elston embry engle ericson ericsson
eriksen erikson eriksson ervin espinosa espinoza estep estes etheridge ethridge evens evers everson fain
fairley falk fannin fanning farias farley farr farris faulk felder felton fenner fernandes ferrara ferraro
ferrell ferro fierro fincher findley fink finney fiore fisk fite flanigan flemming florez fogel fogg fogle
foley folse foltz fong foote foret forman forney forsythe fortier fortner fortney foust fowler fraley
frantz frasier frazer fredericks fredrick freedman freund frias frick fricke fritsch fritz frye fryer
fuller fulmer fultz furman furr gaddy gagne gagnon gainey galvan galvin gamez gandy gann gannon gant gantt
garay garber gardiner gardner garnett garvin garza gaskin gaskins gass gatlin gayle geary geer gerber getz
gibson gile gill gillen gilley gilson ginn gipson glynn goad goble godwin goetz goff golding goncalves
goode gooden goodin gooding gorham goss gracia graff gragg graham grahame greene greiner grenier gresham
grey grice grider grier griffis grisham groce groff grubb grubbs gruber guay guenther guillen guinn gulley
gunter gurley haag haase hadden hagan hager haines halcomb hale hales haller hallman halls halsey hamblin
hamel hamer hamlin hammonds hammons handley hanes haney hankins hanks hanley hanlon hannan hannon hanson
hansson harbin hardee hardison hardman hargis hargrave hargrove harkins harless harman haro harr harrell
harries harrison harter hartman hartwell harwell harwood hase haskell haskins hass hassell hatley hatton
haugen hauser hawes hawley haynes hays haywood headley headrick healey hearn heaton hebert heckman hedrick
heffner hefner heilman heim hein heinz heinze helms helton hendersen henderson hendon hendrick hensley
hermann herndon herrick herrin herrington herron hetrick heyward hiatt hibbard hickman hide hillard hiller
hilliard hillman hills hilton himes hinds hinson hinton hinz hinze hite hitt hixson hoag hoang hobson hoff
hoffman hofman hogg hogue hoke holcomb holcombe holley holliday holliman hollins holloman holman holmes
holms holton holtz homan hoppe hopson horan horner horvat horvath hoskins houle houser howell howells
howes howland hoyle hoyt hudgens hudgins huerta huffman huges huggins hughey hulsey humes humphreys
humphries hundley hunt hunter huntley hurd huskey hussey huston hutchens hutcherson hutcheson hutchings
hutchins hutchison hutson hutto hwang hyatt hyde hylton hyman hynes irvin isaacs isom ison ivanovic ivey
jacks jacob jacobs jacobsen jacobson jacoby jamieson jamison janes janson janssen janssens jaynes
jefferies jeffers jeffery jeffries jennings jenson jobe johansen johanson johnsen johnston johnstone
joiner jolley jonsen jonson jonsson jordon jorgenson jovanovic joyner karlsen karlson karlsson karr kasper
kauffman kayser kean keane kearns keaton keefe keefer keegan keeler keen keene keener keeney keeton keiser
kell kelli kellner kenney kerns kerr kersey keyes kiefer kinney kinsey kiser kline knoll knott knotts
knudsen knudson knutson koehler kohl kohn kolb koller kovac kovacic kovacs krauss krausse krieger
kristensen kristiansen kroll krueger kruse kuntz kunz kunze kurtz lackey ladd ladner lahr lambert lamm
lampert lane laney langer langford lanham lanier lankford lantz larose larson larue laster lauer lawson
lawton layman layne leahy leake leal lebrun leclerc leclercq lefevre lehman leigh lemay lemke lemmon
lemons lentz lenz lerma ligon liles lilley limon lindberg lindgren lindley linn lira lloyd lockett loera
loftin loftis lofton loftus lohr lombardi lombardo longo loper lopes lorentz louis lovell lowery loya loyd
luckett lundberg lundgren lundy lunn luong lusk luster lyles lynn lynne lytle maas mabe macdonald macias
mackenzie mackey mackie maclean macleod macpherson madsen maes magee mahan maher mahon mahoney mair maki
mallard malloy maloney manley manns maples march marcum mares mariani marini marler marlow marlowe marr
marra marsh martel martell marten martens martensen martines mason massie masson matheson mathew mathews
mathis matias matney matos matson matteson matthews mattison mattos mattox mattson maurer maxfield mayers
mayes mayr mays mcalister mcallister mcbee mccallister mccallum mccarty mcclain mcclary mccleary mcclellan
mcclelland mcclendon mccollum mccormack mccrary mccray mccreary mccrory mccue mccune mccurdy mccurry
mcdaniel mcdaniels mcdonald mcdonnell mcdougal mcdougall mcfall mcfarland mcfarlane mcgehee mcghee
mcginnis mcgrew mcinnis mcintire mckee mckenney mckenzie mckeon mckeown mckinney mclain mclane mclean
mclendon mcleod mcmahan mcmillen mcmillian mcmullen mcmullin mcneal mcneil mcneill mcvay mcvey mears
medlin meeks melendez melton mendes menendez mercier merrell messer metzger metzler meunier meyers meza
michels miles miley millar millard milligan mills milner minter minton mitchel mobley moeller moen moffett
moffitt mohr moll moller monaghan monahan moniz monnier monson montes montez mooney moor moratti more
moretti morey morin morrell morrill morrison mortensen moseley moser mosher mosier mosley mota moten
motley mott moulin moulins moulton mouton moya moye moyer mull mullen mulligan mullin mullins mullis muncy
mundy muniz munn munson murrell murry musser myers nagel nagle naish nall nash neal neale nealy neel
neeley neely neil neill neuman newsom newsome nicholls nichols nicholson nielson nilsen nixon noland nolen
noll norris novakova nowell nunes nunez oakes oates oconnell oconner oconnor oden odom odonnell odum
olesen oliva olivares olivarez olivas olivo olson olvera oneal oneil oneill orosco orozco orta orth osburn
oswalt packer page paige pain paine palmer pannell pape pardo parkins parmer parnell parr parra parris
parrish parry parson partin pate patino patten pauley paulk paulsen paulson pavlov pavlova payne pearce
pease pedersen pederson peebles peeples pence pender pennell perea peres perkins perron petersson petrovic
pettersson pettis pettit pfeifer pham phan phelps philips picard pichardo pickard pickett pierce pierson
pilcher pina pinckney pinkney pipkin pippin pitman pittman pitts poling pollack poore pope popova popovic
popp poppe porter potts poulin powel prado prater prather pressley prichard prieto pritchard pruett pruitt
pryce puckett pullen pulley purnell putman quinones quinonez rader radford ragan raines rainey raley ramey
ramires raney rapp ratcliff ratliff rauch rausch rawlings rawlins rayford read reade reaves redd reddick
redman redmon redmond reedy rees reese reeve reeves reid reinhardt reinhart reis reiss reiter renard
renaud renault rendon reuter rhoades rhoads rhoden rhys rice richards richey richie rickard ricker riddick
rife rigby right rigsby rinehart ritchey ritchie rivero roberson robertson robey robins robison robson
roby rocha roddy roden rodgers rodman rodrigue rodrigues rodriquez roe roger rohde rohr rojas roldan romo
roney roper roque rosas rosso roundtree rountree roush roussel rousselle rowe rowland rowley roybal royer
rubio rucker runyan runyon rupp russel russi rutter ryen saddler sager salas salcedo salcido sallee salley
salter salyer sammons sams samuels sanches sander sandes saucedo sauls saunders sawyers saxton sayers
scarbrough schaefer schaeffer schaffer schell scherer schmied scholl schott schrader schreiner schuler
schultz scoggins scroggins seale seaton seay seeley seely segal seibert seifert seiler selby sellars sena
serna seward sewell sexton seymore shafer shaffer shank shanks sharkey shaver shaw shearer shearman
shephard shepherd sheppard sherman shinn shipley shore shrader shuler shull shultz sibley sigler sigmon
sikes siler sills silvers simms simons simpson simson sipes sisk skaggs skeen skelton slater slaton
slatter slayton slone smalley smalls smyth smythe snead sneed snell snider snipes snook soares solis soliz
somers sommers soper sorenson sosa southerland sowell sowers spalding spann sparkman spaulding spearman
speer spellman spencer spenser sperry spillman spurgeon staggs staley stark starke starkey starks starling
starnes staton stearns steed steel steele steen stephen stephens stephenson stevens stevenson stiles
stillman stine stitt stoker stoll stoner stonge stott stover stowe stowers strader stringer strom stroud
stroup stuart stull sturgeon sturm svendsen swafford swain swank swann swanson swenson swope symons taber
tabor tailor talbert talbott talley tapp tayler teal teel tejada tejeda terrell terrill tharp thibodeau
thibodeaux thomason thomsen thomson thorn thorne thorp thorton thurman tibbs tice tiller tillery tilley
tilton tipton tolbert toler toliver tolley tolliver torrez towle townes trapp traylor tribble trice
trimble tripp tubbs tucker turley turman turney tyler tyner vail valadez valdes valdez valenti valles vang
vann varner varney vasques vaught veal vela velasco velasquez velazquez vickery vieira viera villareal
villarreal wade waggoner wagoner wahl waide waite waldron waldrop wallen wallin walling walston walters
walther warde wasson waters watkins watt watters watts weaver webb webber weems weiner weis welch welker
weller welles wells welsh wendt wenger wentz wenzel wertz wester wetzel whalen whaley whatley wheatley
wheaton whited whiteman whitmire whitmore whitt whittaker whitten whittle whyte wick wicks wiese wight
wilber wilburn wild wilde wiles wilke wilkins wilkinson wilks willey willis wills willson wilt wingfield
winn winters wirth witcher withers witt witte wofford wolford woodard woodley woodward wooley wooten
worden worley worsham wortham wyant wyman wynne yarborough yarbrough yates yeats younge yount zeigler
zimmerman
"""
