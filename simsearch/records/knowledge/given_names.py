"""Given names with their short and pet forms, and common names that have none.

As `normalise` leaves them: small letters, no accents. Names of one line may be one person's.
"""

from __future__ import annotations

__all__ = ["COMMON_GIVEN_NAMES", "NICKNAMES"]

# A name and its forms a line; a short form of several names stands in several lines.
NICKNAMES = """
abigail abby gail abbie
abraham abe bram
adelaide addie heidi adele
agnes aggie nessie
alan al allan allen alain
albert al bert bertie adalbert albrecht alberto
alexander alex al alec sandy sasha sascha xander lex aleksandr alexandre alessandro alejandro alexandr
alexandra alex sandra sandy sasha lexi aleksandra alessandra alejandra
alexei alexey aleksei aleksey aleksej alexej oleksii lesha lyosha alesha alyosha
alfred al fred alf alfie freddie alfredo
alice ali allie alison alicia
amanda mandy
amelia amy millie emmy
anatolii anatoly anatoli tolia tolya
andrew andy drew andi andre andreas andrea andrei andrey andres andrzej
angela angie angelina angelika angelique geli
ann anne anna annie nan nancy hannah hanna anya anja anita anka ania
anthony tony antonio anton antoine toni toño
archibald archie
arthur art artie arturo
augustus gus august augustin
barbara barb babs barbie basia bärbel
bartholomew bart
benjamin ben benny benji beniamino
bernard bernie bernhard bernardo bernd
bertram bert
beverly bev
boris boria borya
bradley brad
calvin cal
cameron cam
candace candy
caroline carol carrie carolyn caro karoline line karolina
cassandra cass cassie
catherine cathy kate katie kathy kat katherine kathryn cathryn cat kitty kathleen katharina kathrin katrin karin katja katarina caterina catalina ekaterina katya kasia katarzyna katia katinka
cecilia cece cissy celia
charles charlie chuck chas carl karl carlos carlo karel karol
charlotte charlie lottie lotte lotta
chester chet
christina chris christine tina christie kristin kristina kirsten krystyna christiane
christopher chris topher kit christoph cristobal christophe krzysztof
clarence clare
clifford cliff
constance connie konstanze
cornelius neil corey cornelis
curtis curt
cynthia cindy
daniel dan danny daniele danilo
daniela dani daniella danielle
david dave davey davy davide dawid
deborah deb debbie debra
dennis denny denis
dmitri dima mitya dmitry dmitrii dmytro dimitri mitia dmitrii
dolores lola
dominic dom nick dominik domenico domingo
donald don donnie
dorothy dot dottie dolly dora dorothea dorota doris
douglas doug
edmund ed ned eddie edmond
edward ed eddie ned ted teddy eduard eduardo edoardo edouard
edwin ed eddie
eleanor ellie nell nora ellen elinor leonore eleonora
elizabeth liz beth betty lizzie eliza betsy bess libby elisabeth elsa elise lisa liesel ella isabel isabella lilibet else elsbeth elzbieta ela
emily em emmy milly emilia emilie
emma em emmy
ernest ernie ernst ernesto
eugene gene eugen evgeny zhenya eugenio zhenia evgenii evgeniy yevgeny
evelyn eve evie evelin
ferdinand ferdi fernando
florence flo flossie florentine
frances fran frannie francesca franziska francisca franzi
francis frank fran franz francesco francisco paco pancho frantisek franciszek francois
franklin frank
frederick fred freddie freddy rick fritz friedrich frederic federico fryderyk
gabriel gabe gabi gabriele
gabriele gabi gabriella gabriela gabby
galina galia galya halina
genevieve gen jenny
geoffrey geoff jeff jeffrey gottfried
george georgie georg jorge giorgio georges jorg jurgen jerzy yuri juraj georgii gosha zhora jurek
gerald gerry jerry gerhard gerd gerardo gert
gerard gerry jerry
gertrude gertie trudy gertrud
gilbert gil bert
giovanni gianni nino gio
giuseppe beppe peppe pino
grigori grisha gregory greg gregor gregorio grzegorz
grigorii grigory grisha gregor
guadalupe lupe
harold harry hal harald
harriet hattie harry
heinrich heinz heiner henry hank harry henri enrique enrico henryk hendrik hinrich heini
helen nell nelly lena helene helena elena ellen ilona lenka olena
herbert herb bert bertie heribert
howard howie
hubert hugh bert hub
hugh hughie hugo
humphrey hump
iaroslav yaroslav jaroslav jaroslaw slava jarek
ignacio nacho ignatius ignaz
irene rena irina ira
irina irene ira iryna
isaac ike zac
isabel bella izzy belle isabella isabelle ysabel
iuliia yulia julia iulia
jacob jake jakob jakub jacobo jacques
jacqueline jackie
james jim jimmy jamie jaime jay giacomo
jane janie jenny jean janet
janice jan
jason jay
jeanne jeannette jean
jennifer jen jenny jenna
jeremy jerry jem jeremiah
jessica jess jessie
joachim jochen achim joaquin jo
joan joanie jo joanne joanna johanna jo hanna
john jack johnny jon johann johannes hans juan jean giovanni ivan jan vanya ian sean johan jens jannis hannes ioannis joao vania johnnie hansi
jonathan jon jonny nathan
joseph joe joey jose josef josip jozef pepe giuseppe sepp jupp
josephine jo josie josefine fifi josefa
joshua josh
juan juanito
judith judy jutta judit
julia julie jule giulia juliana juliane jill
julius jules julio giulio
kenneth ken kenny
kimberly kim
klaus nicholas nick nicolas nikolaus niko nikolai kolya nico niklas claus nicola nils mikolaj kolia nikolaj
konstantin kostya constantin konstantinos kostia
laura laurie lori
laurence larry lawrence lars lorenz lorenzo laurent lorenzo laurie
leonard leo len lenny leonardo leonhard
leopold leo poldi
leslie les
lewis lou louis lew ludwig luis luigi lutz ludovic lou louie
lillian lily lil lilli
linda lindy lynn
liudmila lyudmila ludmila liuda luda mila
louise lou lulu luise luisa lisa
lucas luke luc lukas luca
lucille lucy lucie lucia luzia
lydia lyddie
madeline maddie magdalene magdalena lena maddy magda leni
manuel manny manolo manu emanuel
marcus mark marc markus marco marcos marek
margaret maggie meg peggy marge margie greta rita gretchen margarete margot madge margarita grete marguerite daisy margherita malgorzata gosia gretel
maria mary marie mimi mia mitzi molly polly marian mariana miriam masha marika maja marusya mariia mariya marysia
marjorie marge margie
martha marty patty marta
martin marty martino marcin
matilda tilly mattie mathilde hilde
matthew matt matty matthias mathias matthieu matteo mateo hias mateusz
maximilian max massimiliano
maxwell max
melanie mel melli
melissa mel lissa
mercedes merche
michael mike mick mickey micky mikey misha mischa michel miguel michele michal mikhail michail mihail michi mihai
michelle shelly
mildred millie
miriam mimi mirjam
mitchell mitch
mohammed mohamed muhammad mohammad mehmet mohamad muhammed mo memo mehmed muhamad
montgomery monty
nadezhda nadia nadya nadja
nancy nan
natalie nat nattie natalia natasha natalya natascha
nathaniel nate nat nathan
norman norm
olga olia olya olha ola
oliver ollie olli olivier
olivia liv livvy
oscar ozzie oskar
oswald ozzie
pamela pam
patricia pat patty tricia trish paddy patrizia
patrick pat paddy rick patricio patrice
paul pablo paolo pavel pawel pauly pasha pavlo
paula pauline polly paulina paola
penelope penny
peter pete pedro piet pietro pierre piotr pyotr petya petr peer pit
phillip phil philip pip philipp felipe filippo felix
philomena mena
prudence prue
rachel rae raquel rahel
ralph ralf raul
randall randy randolph
raymond ray ramon raimund
rebecca becky becca reba rebekka
regina gina reggie
reginald reg reggie reinhold
richard dick rick ricky rich richie ricardo riccardo ryszard
robert bob rob bobby robbie bert robin roberto rupert ruprecht
roberta bobbie
roderick rod rick rory rodrigo
rodney rod
roger rodge rudiger rogelio
roland rolly rolando
ronald ron ronnie
rosa rose rosie rosalie rosario
rosemary rose rosie
rudolf rudy rudi rolf rodolfo
russell russ rusty
samantha sam sammy
samuel sam sammy
sandra sandy alessandra
sarah sally sadie sara
sebastian seb bastian basti sebastien sebastiano
sergei sergey seryozha serge sergio serezha serioja sergej serhii
sharon shari
shirley shirl
sidney sid sydney
sigmund sigi siegmund siegfried
sofia sophie sophia sonja sonya zofia sofie
solomon sol
stanislav stanislaw stas staszek
stanley stan stanislav stanislaw stas
stephanie steph steffi stefanie stefania
stephen steve steven stevie stefan stephan etienne esteban stefano istvan szczepan
stuart stu stewart
susan sue susie suzy suzanne susanna susanne zuzana
sylvester sly
sylvia silvia silvie
tamara tammy toma
tatiana tatyana tatjana tania tanya tanja
terence terry terrence
teresa terry tess tessa theresa resi therese terri
theodore ted teddy theo theodor fyodor teodoro
thomas tom tommy tomas tommaso thom tomasz tomek tommi
timothy tim timmy timo
tobias toby tobi
ursula ulla uschi urszula
valentina val valya valia
valerie val
vasilii vasily vasia vasya
veronica ronnie roni vera veronika
viacheslav vyacheslav slava
victor vic vittorio viktor
victoria vicky tori vickie viktoria vittoria
viktor victor vitia vitya
vincent vince vinnie vincenzo vicente vinzenz
virginia ginny ginger gina
vladimir vova volodya vlad volodia volodymyr
walter walt wally wat gualtiero
wendy gwen gwendolyn
wilhelmina mina minnie wilma helma
william will bill billy willy liam wilhelm willi guillermo guillaume guglielmo willem helmut
winifred winnie freda
wojciech wojtek
wolfgang wolf wolfi
yevgenia evgenia zhenya eugenia zhenia evgeniia
yuri iurii iura yury yura juri jura
zachary zach zack zak
"""

COMMON_GIVEN_NAMES = """
aaron abdul abdullah ada adam adrian ahmed ahmet aisha akira alba aleksei alexei alexis ali alina
alma alvaro amber amina amir ana anastasia andrea angel angelo anke annette annika antje antonia
april arjun ashley astrid asuka axel ayse bao barbora bea beate beatrice beatriz bella bettina
birgit bjorn blanca boris brandon brenda brian bridget britta bruce bruno bryan camila carla carmen
carolina cesar chantal chen chiara chloe claire clara claude claudia claudio colin cora craig cristian
cristina dagmar damian damien dario darren dawn dean denise derek diana diane diego dieter dirk doris
dylan edith eduarda egon elias elif elke elmar emil emilio emin enrique eric erica erich erik erika
erwin esther ethan eva fabian fabio fatima fatma felix finn fiona flora florian frauke fynn gavin
gemma georgia georgina gerda gina gisela gloria gonzalo grace graham guenter gunter guido gustav guy
hakan hakon halina hanno hao haruto hasan hassan hatice heather hector heike heiko helga helmut
henning hilary hiroshi holger holly horst huseyin ian ibrahim ida igor ike ilse imran ines inga ingeborg
ingo ingrid inna irma isabell isolde ivana ivo jack jackson jaden james jana janina jasmin jasmine jasper
javier jayden jean jeff jesus jiri joel joerg jordan jorg jorgen josue joy joyce juana julian juliette
jun jurgen justin kai kaito karen kari karsten katerina keith kelly kemal kenji kerstin kevin khalid
kim kirill klara knut koji kurt kyle lara larissa lasse latoya laurent lea leila lena lennart leon leonie
levi li liliana lin lina lisa liz logan lorena lorraine lothar louis luciana lucio ludmila luka lukasz
lutz lyudmila madison magnus mai maik manfred manuela marcel marcelo marco mariam marian marina mario
marion maritza marlene marta marvin mary mason mateo mattia maurice mauricio max maya megan mei mehmet
meike melina mercy mia mila milan milena miguel mina ming miro mohan moritz muriel murat mustafa nadine
naomi natasa nelson nessa nia niels nikita nils nina noah noel nora norbert nuria olaf olena olga olha
omar oscar otto oxana oksana pascal patrik pauline petra phoebe pia pilar priya radek rafael rahul raisa
ralf ramona raphael ravi regine reiner reinhard remi renate rene ricarda rita robin rocio rohan roman
ronja rosalind ross roy ruben ruth ryan sabine sabrina sakura salma salvatore samir sandeep sanjay
santiago sara scott sean selma sergio sharon shaun sheila sherry shin shinji silke simon simone simona
siobhan sigrid soren stacy steffen stella sten sunita susana svea sven svenja svetlana sylvain tamer
tanja tania tara tatiana tatyana tatjana tanya taylor tessa thea thorsten tiago tilman tina torsten tracy
travis trevor troy tyler udo ulf ulrich ulrike ute uta uwe valeria vanessa vasily vasco vaclav vera viola
vito vivian volker wanda warren wayne wei werner wiebke wilfried wim xavier ximena xin yan yara yasmin
yuki yulia julija yuna yusuf yvonne yves zahra zdenek zeynep zoe zoltan
иван мария анна елена ольга наталья татьяна александр сергей дмитрий алексей андрей михаил николай
владимир евгении юрии павел екатерина ирина светлана людмила галина надежда вера виктор василии
петр игорь олег максим константин роман анастасия юлия ксения дарья полина софия
"""
