"""Countries, regions, large cities and words of streets, as `normalise` leaves them."""

from __future__ import annotations

__all__ = ["CITIES", "COUNTRIES", "REGIONS", "STREET_WORDS"]

_COUNTRIES = """
afghanistan,albania,algeria,argentina,armenia,australia,austria,azerbaijan,bangladesh,belarus,belgium,
bolivia,bosnia and herzegovina,brazil,bulgaria,cambodia,cameroon,canada,chile,china,colombia,costa rica,
croatia,cuba,cyprus,czech republic,czechia,denmark,dominican republic,ecuador,egypt,el salvador,england,
estonia,ethiopia,finland,france,georgia,germany,ghana,great britain,greece,guatemala,honduras,hong kong,
hungary,iceland,india,indonesia,iran,iraq,ireland,israel,italy,jamaica,japan,jordan,kazakhstan,kenya,
korea,kuwait,latvia,lebanon,libya,liechtenstein,lithuania,luxembourg,malaysia,malta,mexico,moldova,monaco,
mongolia,montenegro,morocco,nepal,netherlands,the netherlands,holland,new zealand,nicaragua,nigeria,
north macedonia,northern ireland,norway,pakistan,palestine,panama,paraguay,peru,philippines,poland,portugal,
puerto rico,qatar,romania,russia,russian federation,saudi arabia,scotland,senegal,serbia,singapore,slovakia,
slovenia,south africa,south korea,spain,sri lanka,sudan,sweden,switzerland,syria,taiwan,tanzania,thailand,
tunisia,turkey,turkiye,uganda,ukraine,united arab emirates,united kingdom,united states,
united states of america,uruguay,uzbekistan,venezuela,vietnam,viet nam,wales,yemen,zambia,zimbabwe,
deutschland,osterreich,schweiz,frankreich,italien,spanien,niederlande,belgien,polen,tschechien,ungarn,
danemark,schweden,norwegen,finnland,griechenland,turkei,russland,vereinigtes konigreich,grossbritannien,
allemagne,autriche,suisse,italie,espagne,pays bas,belgique,pologne,royaume uni,etats unis,maroc,algerie,
alemania,espana,francia,italia,reino unido,estados unidos,paises bajos,belgica,brasil,mexico,suiza,
germania,spagna,svizzera,regno unito,stati uniti,paesi bassi,alemanha,espanha,estados unidos da america,
duitsland,belgie,frankrijk,nederland,polska,niemcy,francja,hiszpania,wielka brytania,ceska republika,
россия,украина,беларусь,казахстан,германия,франция,италия,испания,сша,китаи,турция,польша,
turkiye,almanya,fransa,ingiltere,中国,美国,日本,德国,法国,英国,韩国,アメリカ,ドイツ,フランス,イギリス,中国,
مصر,السعودية,الامارات,المغرب,الجزائر,تونس,العراق,الاردن,sverige,norge,danmark,suomi
"""
_COUNTRY_CODES = """
ad ae af al am ar at au az ba bd be bg br by ca ch cl cn co cr cy cz de dk dz ec ee eg es et fi fr gb ge gh gr hk
hr hu id ie il in iq ir is it jo jp ke kr kw kz lb lt lu lv ma md me mk mt mx my ng nl no nz pe ph pk pl pt
py qa ro rs ru sa se sg si sk th tn tr tw ua ug uk us uy uz ve vn za
arg aus aut bel bgr bra can che chl chn col cze deu dnk esp est fin fra gbr grc hrv hun idn ind irl isr ita
jpn kor ltu lux lva mex mys nld nor nzl per phl pol prt rou rus sau srb svk svn swe tha tur twn ukr usa vnm zaf
"""
COUNTRIES = frozenset(_COUNTRIES.replace("\n", "").split(",")) | frozenset(_COUNTRY_CODES.split())

_REGIONS = """
alabama,alaska,arizona,arkansas,california,colorado,connecticut,delaware,florida,hawaii,idaho,illinois,
indiana,iowa,kansas,kentucky,louisiana,maine,maryland,massachusetts,michigan,minnesota,mississippi,missouri,
montana,nebraska,nevada,new hampshire,new jersey,new mexico,new york,north carolina,north dakota,ohio,oklahoma,
oregon,pennsylvania,rhode island,south carolina,south dakota,tennessee,texas,utah,vermont,virginia,washington,
west virginia,wisconsin,wyoming,al,ak,az,ar,ca,ct,dc,fl,ga,hi,id,il,ia,ks,ky,la,me,md,ma,mi,mn,ms,mo,mt,
ne,nv,nh,nj,nm,ny,nc,nd,oh,ok,or,pa,ri,sc,sd,tn,tx,ut,vt,va,wa,wv,wi,wy,
nsw,vic,qld,sa,tas,act,nt,new south wales,victoria,queensland,south australia,western australia,tasmania,
ontario,quebec,british columbia,alberta,manitoba,saskatchewan,nova scotia,new brunswick,on,qc,bc,ab,mb,sk,ns,nb,
baden wurttemberg,baden-wurttemberg,bayern,bavaria,berlin,brandenburg,bremen,hamburg,hessen,
mecklenburg-vorpommern,niedersachsen,nordrhein-westfalen,nrw,rheinland-pfalz,saarland,sachsen,sachsen-anhalt,
schleswig-holstein,thuringen,tirol,steiermark,karnten,salzburg,vorarlberg,burgenland,oberosterreich,niederosterreich,
bretagne,normandie,occitanie,ile de france,ile-de-france,nouvelle-aquitaine,grand est,provence-alpes-cote d'azur,
andalucia,cataluna,catalunya,galicia,comunidad de madrid,comunidad valenciana,aragon,castilla y leon,pais vasco,
lombardia,lazio,campania,sicilia,veneto,piemonte,emilia-romagna,toscana,puglia,calabria,sardegna,liguria,
sao paulo,minas gerais,bahia,parana,rio grande do sul,pernambuco,ceara,santa catarina,rj,sp,mg,rs,pr,
noord-holland,zuid-holland,noord-brabant,gelderland,utrecht,limburg,overijssel,friesland,groningen,drenthe,zeeland,
mazowieckie,slaskie,wielkopolskie,malopolskie,dolnoslaskie,lodzkie,pomorskie,lubelskie,podkarpackie,
kent,surrey,essex,devon,cornwall,norfolk,suffolk,lancashire,yorkshire,hampshire,cheshire,somerset,dorset,
московская область,ленинградская область,свердловская область,краснодарскии краи,татарстан,
广东省,江苏省,浙江省,山东省,四川省,東京都,大阪府,北海道,神奈川県,愛知県,福岡県
"""
REGIONS = frozenset(_REGIONS.replace("\n", "").split(","))

_CITIES = """
london,birmingham,manchester,leeds,glasgow,liverpool,bristol,sheffield,edinburgh,cardiff,belfast,leicester,dublin,cork,
new york,los angeles,chicago,houston,phoenix,philadelphia,san antonio,san diego,dallas,san jose,austin,
jacksonville,columbus,charlotte,indianapolis,san francisco,seattle,denver,washington,boston,nashville,
detroit,portland,las vegas,memphis,baltimore,milwaukee,atlanta,miami,oakland,minneapolis,cleveland,tampa,
toronto,montreal,vancouver,calgary,ottawa,edmonton,winnipeg,sydney,melbourne,brisbane,perth,adelaide,
canberra,hobart,darwin,auckland,wellington,christchurch,
berlin,hamburg,munchen,munich,koln,koeln,cologne,frankfurt,frankfurt am main,stuttgart,dusseldorf,
duesseldorf,dortmund,essen,leipzig,bremen,dresden,hannover,nurnberg,nuernberg,duisburg,bochum,wuppertal,bielefeld,bonn,
munster,muenster,karlsruhe,mannheim,augsburg,wiesbaden,kiel,aachen,mainz,ulm,potsdam,rostock,freiburg,kassel,erfurt,
jena,regensburg,trier,lubeck,wien,vienna,graz,linz,salzburg,innsbruck,zurich,geneve,basel,bern,lausanne,
paris,marseille,lyon,toulouse,nice,nantes,strasbourg,montpellier,bordeaux,lille,rennes,reims,grenoble,dijon,
madrid,barcelona,valencia,sevilla,zaragoza,malaga,murcia,bilbao,alicante,cordoba,valladolid,vigo,granada,
roma,rome,milano,milan,napoli,torino,palermo,genova,bologna,firenze,bari,catania,venezia,verona,padova,trieste,
lisboa,lisbon,porto,braga,coimbra,sao paulo,rio de janeiro,brasilia,salvador,fortaleza,belo horizonte,curitiba,
buenos aires,rosario,santiago,bogota,medellin,cali,lima,quito,caracas,mexico,ciudad de mexico,guadalajara,monterrey,
amsterdam,rotterdam,den haag,utrecht,eindhoven,groningen,tilburg,bruxelles,brussel,brussels,antwerpen,gent,
warszawa,warsaw,krakow,lodz,wroclaw,poznan,gdansk,szczecin,bydgoszcz,lublin,katowice,praha,prague,brno,ostrava,
bratislava,kosice,budapest,debrecen,szeged,bucuresti,cluj-napoca,sofia,zagreb,beograd,ljubljana,athens,αθηνα,
københavn,kobenhavn,copenhagen,aarhus,oslo,bergen,stockholm,goteborg,malmo,uppsala,helsinki,espoo,tampere,riga,
vilnius,tallinn,москва,санкт-петербург,новосибирск,екатеринбург,казань,нижнии новгород,челябинск,
самара,омск,ростов-на-дону,уфа,красноярск,воронеж,пермь,волгоград,киев,харьков,одесса,минск,
moscow,moskva,istanbul,ankara,izmir,bursa,adana,antalya,konya,cairo,casablanca,dubai,riyadh,
القاهرة,الرياض,جدة,دبي,بغداد,الاسكندرية,tehran,tel aviv,jerusalem,mumbai,delhi,bangalore,hyderabad,chennai,
kolkata,pune,ahmedabad,karachi,lahore,dhaka,singapore,bangkok,hanoi,jakarta,manila,seoul,busan,
北京,上海,广州,深圳,成都,杭州,武汉,西安,南京,重庆,天津,苏州,北京市,上海市,东京,東京,大阪,京都,名古屋,札幌,福岡,横浜,神戸,
tokyo,osaka,kyoto,beijing,shanghai,guangzhou,shenzhen,johannesburg,cape town,durban,nairobi,lagos
"""
CITIES = frozenset(_CITIES.replace("\n", "").split(","))

# Found anywhere in a value (an ending of a word too).
STREET_WORDS = (
    r"(?:strasse|straße|str\.?|gasse|allee|platz|damm|ufer|chaussee|straat|laan|gracht|gatan|vagen|gade|"
    r"veien|katu|utca)\b|"
    r"\b(?:street|st|road|rd|avenue|ave|av|lane|ln|drive|dr|court|ct|boulevard|blvd|place|pl|crescent|"
    r"cres|terrace|close|highway|hwy|parade|circuit|square|sq|way|grove|rue|allee|chemin|impasse|quai|"
    r"route|calle|avenida|avda|plaza|paseo|camino|carretera|via|viale|piazza|corso|vicolo|rua|travessa|"
    r"largo|praca|ulica|ul|aleja|al|plac|weg|am|улица|ул|проспект|пр|пер|переулок|наб|"
    r"sokak|sokagi|sok|sk|cadde|caddesi|cad|mahalle|mahallesi|mah|bulvar|bulvari|blv|po box|postfach)\b|"
    r"weg\b|路|街|巷|号|丁目|番地|شارع"
)
