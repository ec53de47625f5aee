//! Words of the special categories, written by hand in several languages.
//!
//! A star stands for any beginning or ending. A word under `sure` says by itself what it is about,
//! one under `maybe` only beside other signs. `^` before a word: only with a capital.

use crate::kind::Kind;

/// The words of one category.
pub(crate) struct Words {
    pub(crate) kind: Kind,
    pub(crate) sure: &'static str,
    pub(crate) maybe: &'static str,
}

pub(crate) const LISTS: &[Words] = &[
    Words {
        kind: Kind::Health,
        sure: "diabet* suikerziekte *kanker kankerpatiënt* leukemie *lymfoom lymfoom* *tumor *tumoren tumor* uitzaaiing* metastase* metastasen carcinoom *carcinoom \
               adenocarcinoom melanoom* chemo chemokuur chemotherapie bestraling* immunotherapie hiv seropositief hepatitis tbc tuberculose astma* copd longemfyseem \
               longfibrose *fibrose sarcoïdose epileps* epilepti* parkinson* alzheimer* dement* dementie delier afasie adhd autis* asperger pddnos depressie* \
               depressief depressieve depressi* burnout burn-out overspannen overspannenheid *stoornis *stoornissen *fobie paniekaanval* paniekklachten ptss ptsd \
               bipolair* schizofre* psychose* psychotisch* psychiatri* borderline* anorexia boulimi* eetprobleem verslaafd* *verslaving *verslaafd alcoholist* \
               alcoholisme alcoholmisbruik drankprobleem* gokverslaafd* suïcid* suicid* zelfmoordpoging* zelfdoding* automutil* hartinfarct* hartaanval hartfalen \
               hartritme* hartklep* hartpatiënt* hartproblemen hartkloppingen pacemaker boezemfibr* atriumfibr* beroerte* herseninfarct* hersenbloeding* \
               hersenschudding* hersenletsel hersentumor* halfzijdig migraine* *hoofdpijn reuma* artrose artritis *artritis jicht fibromyalgie hernia *hernia crohn \
               colitis coeliakie prikkelbare nierfalen nierziekte nierstenen galstenen *dialyse dialyse* levercirrose leverfalen zwanger* miskra* abortus* ivf* \
               *bevalling postnata* postpartum* doodgeboren vruchtbaarheidsbehandeling onvruchtbaar* trombose* trombofilie *embolie bloedarmoede anemie hemofilie \
               *allergie *allergieën *allergisch allergie* allergisch* anafyla* eczeem psoriasis longcovid covid* legionella* longontsteking* *ontsteking pneumonie \
               blindedarm* appendicitis *itis *fractuur *fracturen *breuk fractuur* *amputatie amputatie* rolstoel* rollator slechthorend* slechtziend* *handicap \
               gehandicapt* arbeidsongeschikt* ziektewet wia wajong ziekgemeld* ziekmelding* ziekteverlof geopereerd* stoma* katheter* insuline* metformine \
               antidepressiva *depressiva lithium ritalin methylfenidaat methadon* *medicatie morfine* fentanyl oxycodon* bloedverdunner* incontinen* obesitas \
               overgewicht* lupus lyme endometriose pcos gonorroe chlamydia* syfilis soa soa's herpes *diagnose gediagnosticeerd* *pijn rugpijn whiplash* slaapapneu \
               terminaal terminale palliati* euthanasie* hospice dyslex* dyscalcul* tinnitus ménière cataract glaucoom maculadegeneratie *patiënt *patiënte \
               chronisch* ongeneeslijk* *syndroom downsyndroom schildklier* hypothyreoïdie hyperventilatie waterpokken mazelen kinkhoest griep buikgriep krentenbaard \
               hersenvliesontsteking wondzorg decubitus kunstheup kunstknie heupprothese knieprothese *prothese prothese hoortoestel* *therapie fysiotherapie emdr* \
               gesprekstherapie traumatherapie logopedie verlamd* dwarslaesie spierziekte *dystrofie stofwisselingsziekte taaislijmziekte sikkelcel* thalassemie \
               hoge-bloeddruk hypertensie hypo's bloedsuiker* mantelkapsel revalid* ggz* crisisopname  *pam *oxetine *traline *statine *olol *prazol \
               *cilline *sartan *azol *mab *parine *profen *triptan citalopram escitalopram venlafaxine mirtazapine quetiapine olanzapine clozapine risperidon \
               aripiprazol haloperidol paracetamol naproxen tramadol prednison dexamethason lisinopril enalapril amlodipine furosemide spironolacton clopidogrel \
               ticagrelor apixaban rivaroxaban acenocoumarol fenprocoumon levothyrox* salbutamol ventolin ozempic semaglutide methotrexaat pregabaline gabapentine \
               cancer tumour leukaemia leukemia lymphoma chemotherapy radiotherapy depression depressed anxiety pregnant pregnancy miscarriage abortion stillbirth \
               disability epilepsy epileptic seizure* stroke dementia addiction addicted alcoholism surgery hospitalised hospitalized wheelchair fracture* diagnosed \
               diagnosis bipolar schizophrenia asthma* sclerosis arthritis bulimia insulin dialysis overdose rehab psychosis psychotic autistic dyslexia dyslexic \
               allergic *allergy syphilis gonorrhoea hpv prostate mastectomy hysterectomy biopsy hypothyroidism hypertension angina sick-leave *medication \
               antidepressant* fibromyalgia lymphedema krebs *krebs schwanger* schwangerschaft behindert* krankgeschrieben bandscheibenvorfall demenz depression* \
               *krankheit fehlgeburt spielsüchtig *süchtig schlaganfall herzinfarkt zuckerkrank *operation enceinte cancer* diabétique dépression grossesse \
               hospitalisé* handicapé* maladie bronchiolite embarazada cáncer cukrzyca chory hastası şeker kanser hamile рак діабет rugklachten knieklachten \
               nekklachten hartklachten longklachten maagklachten buikklachten psychische darmklachten schouderoperatie knieoperatie heupoperatie rugoperatie \
               staaroperatie hartoperatie geopereerd buikpijn gastritis hersenvlies dialyse keizersnede *encefalitis pyelonefritis urosepsis sepsis blaasontsteking \
               urineweginfectie *infectie long-covid postcovid anticonceptie spiraaltje ivf-traject sterilisatie *reconstructie tandvlees* wortelkanaal* kunstgebit \
               brandwond* brandblaar hechting* stressfractuur bekkenbodem* hoortoestellen zuurstofconcentrator pdd-nos add-diagnose autismespectrum* hoogbegaafd* \
               mutisme stotteren zelfbeschadiging  parkinsonisme ziekenhuisopname ic-opname kraamtranen gordelroos ziekte-van-crohn schurft \
               hoofdluis luizen",
        maybe: "ms als add tia dm1 dm2 nah lvb cva nstemi ziek zieke ziekte *ziekte ziekenhuis kanker *hartfalen bloed doof blind dove blinde beperking* opname \
               operatie diagnose* symptoom* rouw rug knie heup koorts hoofdpijn moe hoesten huisarts arts dokter medicijn* pillen recept dieet vermoeid* wao verzuim* \
               reïntegratie* letsel* wond* allergieen bloeddruk hart nier* lever long longen darm* maag* borst* zorg* thuiszorg verpleeg* begeleiding behandel* \
               therapie kliniek spoed seh ic ok mri ct scan echo positief negatief iq zorgmachtiging crisismaatregel vaccin* gevaccineerd alcohol drugs blowt \
               cannabis coke cocaïne verslaving gewicht afgevallen bmi kilo gevallen gebroken breuk pijn *pijnlijk suf verward overleden sick ill illness pain \
               hospital doctor treatment therapy clinic deaf fever flu cold fatigue chronic injury injured wound symptoms medicine pills krank arzt schmerzen malade \
               chora choroba hasta ból bevallen opgenomen disabled staar aids rollator* bloeddruk* cholesterol* *klachten *operatie",
    },
    Words {
        kind: Kind::Religion,
        sure: "moslim* islamiti* soenni* sjii* alevi* aleviet* christen christenen christelijk* katholiek* rooms-katholiek* protestant* gereformeerd* hervormd* \
               evangelisch* pinkstergemeente pinksterkerk doopsgezind* remonstrant* luthers* baptist* vrijgemaakt* jehova* jood joden joods joodse jodin hindoe* \
               boeddhist* boeddhistisch* sikh* atheïs* atheist* agnost* mormoon* mormonen bekeerd* bekeerling* gedoopt* belijdenis* kerkganger* kerklid koptisch* \
               jezidi* yezidi* soefi* salafist* zevendedagsadventist* adventist* quaker* scientolog* wicca winti santeria bahá* mennoniti* kloosterling nonnen monnik \
               franciscaan* jezuïet dominicaan* moslima* hoofddoek* hijab* nikab* niqab* keppel* keppeltje sabbat sjabbat* ramadan* koosjer* kosher halal halal* \
               biddend* gebedsruimte communie vormsel bar-mitswa godsdienst* gelovig* ongelovig* belijdend* ouderling* diaken* muslim* christian christians catholic* \
               protestant jewish jew jews hindu* buddhist* baptised baptized pentecostal* evangelical* methodist anglican* presbyterian calvinist headscarf synagogue \
               devout evangelisch muslimin jüdisch* katholisch* konfession* mennonit* musulman* chrétien* catholique juif juive protestante évangélique müslüman \
               hristiyan muzułman* katolik* katolicz* sanatan kopt kopten pinksterchristen* eritrees-orthodox",
        maybe: "islam kerk* moskee* synagoge* tempel parochie* dominee pastoor imam rabbijn pandit geloof* geloven bidden bidt gebed* bijbel* koran kerst* pasen \
               suikerfeest offerfeest vasten vast doop religie* religious religion church mosque faith prayer pray fasting fastet mis missen varkensvlees gemeente \
               gebedshuis klooster* catechisatie avondmaal kerkdienst kerkgenootschap gezindte levensbeschouwing islamic glaube religiös reformed levensovertuiging \
               kerkblad orthodox* priester converted koran* uitgeschreven kerkelijk*",
    },
    Words {
        kind: Kind::Ethnicity,
        sure: "marokkaan* turks turkse turken surina* antilliaan* arubaan* curaçao* moluks* molukker* javaans* hindoesta* hindosta* koerd* kurd* berbers amazigh \
               tamazight sinti sinto woonwagen* creool* creools* marron* marrons ndyuka saramak* indo's indisch* papoea* afrikaan* noord-afrika* arabisch* aziatisch* \
               aziaat* latino* eritre* ethiopi* ethiopisch* somali* syri* syrisch* iraaks* irakees irakezen iraans* iraniër* afgha* pakista* indiaas* indiër* \
               bengaal* bengaals* tamil* singal* chinees* chinezen vietnam* thais* filip* indones* japans* koreaan* oekraïn* oekraïens* russisch* wit-rus* poolse \
               pools roemeen* roemeens* bulgaar* bulgaars* hongaar* albane* kosova* kroati* kroatisch* bosni* bosnisch* macedoni* ghane* nigeri* congol* kaapverd* \
               senegal* gambia* oegand* kameroen* angol* somalisch* soedan* burund* rwand* tutsi hutu hazara tadzjiek* pashtun oezbee* tsjetsje* armeens* tunes* \
               tunees* algerijn* libane* palestij* jordaan* jemen* dominicaan* braziliaan* colombiaan* venezola* peruaan* haïti* creole malinees* ivoriaan* \
               liberiaan* sierra afkomst komaf etniciteit* etnisch* huidskleur* migratieachtergrond niet-westers* getint* donkergekleurd* peranakan asjkenaz* \
               ashkenazi sefard* bilen tigrinya oromo temne igbo yoruba hausa akan moroccan* turkish surinamese antillean kurdish eritrean ethiopian somali \
               syrian* iraqi iranian afghan pakistani bangladeshi vietnamese filipino indonesian ukrainian romanian bulgarian hungarian albanian ghanaian nigerian \
               congolese ugandan ethnicity ethnic descent romani gypsy hispanic latina half-caste mixed-race türkisch* kurdisch* afrikanisch* marocain* algérien* \
               türk kürt kürdüm servisch* serviër* egyptisch* egyptenaar armeen armeens armeense ^polish ^indo afro-surinaams* afro-caribisch* zigeuner* \
               kaapverdiaan* syriër* somaliër* bengali sikhs",
        maybe: "duits* belg* belgisch* frans* engels* italiaan* spaan* portug* amerikaan* fries* friese brabants* limburgs* nederlands* herkomst nationaliteit* \
               afkomstig geboorteland statushouder* asielzoeker* vluchteling* inburger* zwarte blank blanke wit witte donker black white brown migrant* migratie* \
               ^eritrea ^syrië ^somalië ^oekraïne ^iran ^irak ^afghanistan ^marokko ^turkije ^suriname ^ghana ^nigeria ^oeganda ^congo ^burundi ^rwanda ^ethiopië \
               ^soedan ^jemen ^pakistan ^india ^china ^vietnam ^polen ^roemenië ^bulgarije ^kaapverdië ^curaçao ^aruba nationality origin national tolk russen rus \
               rusland roma arab african asian chinese russian zwart",
    },
    Words {
        kind: Kind::Political,
        sure: "vvd pvda d66 cda pvv groenlinks nsc bbb fvd ja21 sgp christenunie 50plus pvdd pvda-gl gl-pvda bij1 bvnl n-va cd&v openvld mr-ps partijlid \
               raadslidmaatschap raadskandidaat fractiemedewerk* fractieondersteun* kandidatenlijst* lijsttrekker lijstduwer anarchis* libertari* extremist* \
               rechts-extre* links-extre* neonazi* centrumdemocra* gemeenteraadskandidaat boerenpartij vlaams-belang antifa links-progressief tory tories libdem ukip \
               brexiteer sinn féin canvassing socialdemocrat* milite rassemblement gaulliste akp chp hdp platforma",
        maybe: "^denk ^volt ^groen ^groenen ^vooruit ^forum ^sp ^piratenpartij ^vlaams ^democraat ^unie ^pp ^ps ^mr partij* dieren baudet wilders raadslid* \
               gemeenteraadslid* statenlid* kamerlid wethouder* stemt stem stemde gestemd stemmen verkiezing* kiesl* lijst fractie* liberaal conservatief rebellion \
               activis* demonstr* betog* politiek* links rechts deelraad burgerraadslid politically politics voted votes voter party council councillor campaign* \
               election* green protest* rally left-wing right-wing partei parti politique vote partia partij ^afd ^spd ^cdu ^csu ^fdp ^labour linkse rechtse \
               democraten activist activiste xr ptb snp republican conservatives socialist* communist* populis* extinction fractievoorzitter",
    },
    Words {
        kind: Kind::Union,
        sure: "fnv cnv vcp abvv acv aclvb aob abvakabo nu91 nvj vakbond* vakbonds* vakbondslid bondslid bondsleden kaderlid kaderleden kadergroep stakingsleider \
               stakingspost stakingskas stakend* metaalbond vervoersbond onderwijsbond ambtenarenbond politiebond bouwbond syndicaat syndicaal syndicalist* unionised \
               unionized unison ucu tuc gewerkschaft* cgt cfdt syndicat* solidarność sendika trade-union shop-steward ig-metall dgb betriebsrat",
        maybe: "^unie ^unite bond bonden lid lidmaatschap contributie kader staak* staken staking* gestaakt cao or or-lid ondernemingsraad union unions strike \
               striking steward georganiseerd delegee délégué* déléguée opgezegd vakvereniging ver di",
    },
    Words {
        kind: Kind::SexualOrientation,
        sure: "homo homo's homoseksu* homofiel* homostel* lesbisch* lesbo lesbienne* biseksu* bi-seksueel gay queer transgender* transvrouw* transman* transseksu* \
               transjongen* transmeisje* non-binair* nonbinair* aseksu* panseksu* lhbti* lgbt* heteroseksu* geaardheid lesbian* bisexual* homosexual* asexual \
               pansexual genderidentiteit genderdysforie intersekse polyamor* swinger* sekswerk* prostitu* homofobe geouted ge-out schwul* lesbe* homosexuel* \
               lesbienne eşcinsel gej lesbijka geslachtsbevestigend* genderteam genderpoli",
        maybe: "bi kast mannen vrouwen jongens meisjes vriend vriendin partner man vrouw gender* seks* hetero trans geliefde relatie date daten dating grindr verliefd \
               valt val orientation closet outed couple girlfriend boyfriend women men attracted prep transitie geslachtsverandering",
    },
    Words {
        kind: Kind::Criminal,
        sure: "veroordeel* veroordeling* strafblad* gedetineerd* ex-gedetineerde* gevangenis* gevangenisstraf detentie* celstraf* taakstraf* werkstraf* verdachte \
               aangehouden gearresteerd* opgepakt *diefstal diefstal* mishandeling* *mishandeling fraude* *fraude oplichting* opgelicht verkracht* aanrand* inbraak* \
               woninginbraak inbrek* drugsdealer* drugshandel* drugsbezit hennepkwekerij wietplantage enkelband* reclassering* proeftijd tbs jeugddetentie hechtenis \
               vrijspraak vrijgesproken stalk* bedreiging* vernieling* heling recidiv* antecedent* verduister* rijontzegging witwas* ontneming* contactverbod* \
               straatverbod* gebiedsverbod brandstichting doodslag terroris* mensenhandel* loverboy geweldsdelict* zedendelict* zeden* winkeldief* tasjesroof* \
               beroving beroofd overval* overvaller* afpersing* chantage valsheid smokkel* gesignaleerd sepot daderschap justitieel justitiële delict* strafzaak \
               strafrecht* jeugdreclassering halt-straf convicted conviction* arrested prison jail jailed offence* offender* probation bail fraud theft assault \
               burglary robbery manslaughter murder rape drink-driving criminal restraining felony misdemeanor parole inmate shoplift* verurteilt* vorbestraft \
               festgenommen betrug* diebstahl haftstrafe bewährung* gefängnis körperverletzung condamné* prison* escroquerie sursis więzieni* skazany hırsızlık \
               moordenaar moordverdachte drugsdealer",
        maybe: "vast vastzit vastgezeten zit gevangen straf* strafrechtelijk boete* politie aangifte aangegeven pv proces-verbaal rechter zitting rechtbank halt hic \
               dronken alcohol rijbewijs promille pi betrapt gestolen stal steelt steal stole caution police court suspect* wanted hack* illegaal wapen* mes pistool \
               drugs cocaïne xtc wiet dealt dealen verdenking* vermoeden schuldig ontslagen misbruik* grensoverschrijdend slachtoffer geslagen geweld vog schikking \
               anklage polizei parket* dealer* charged dader verdacht moord* moordzaak",
    },
    Words {
        kind: Kind::BiometricGenetic,
        sure: "vingerafdruk* vingerscan* irisscan* irissjabloon* iris-scan gezichtsherken* gezichtsscan* gezichtssjabloon* handpalm* handscan* handgeometrie \
               stemafdruk* stemherken* stemprofiel* dactylosc* dactypunten netvliesscan* retinascan* faceid touchid biometri* biometrisch* dna dna-* dnaprofiel* \
               dnatest* dna-match genetisch* brca* mutatie* genmutatie trisomie* chromosom* chromosoom* draagster dragerschap* gendrager genoom* exoom* genome* \
               sequencing haplogroep homozygoot* heterozygoot* karyotype* cftr hla hla-* apoe* apoe4 cyp2d6 factor-v lynch-syndroom huntington* erfelijk* \
               vaderschapstest* verwantschapstest* vaderschapsonderzoek nipt whole-genome fingerprint* faceprint palm-print voiceprint genetic* genes heterozyg* \
               homozyg* gentest dna-test eurodac wangslijm* 23andme myheritage smn1 f508del fingerabdr* gesichtserkennung gen-test empreinte* adn",
        maybe: "drager* gen genen retina stemopname* scan template sjabloon variant erfelijkheid verwantschap cm gezicht stem halfbroer vader palm face iris carrier \
               facial compound pln embedding* chromosoom",
    },
];
