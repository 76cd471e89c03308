"""What is told to be looked at before a record is published, and what is not: pure text, true and false examples."""

import pytest

from commitments.warning import ACCUSED, EMAIL, IDENTITY_CARD, NAMED, PHONE, PLATE, UNNAMED, are_alike, found_in

TOLD = [
    (PHONE, "للاتصال 0612345678 بعد الزوال", "0612345678"),
    (PHONE, "الهاتف: ٠٦١٢٣٤٥٦٧٨", "0612345678"),
    (PHONE, "Appelez le 06 12 34 56 78.", "06 12 34 56 78"),
    (PHONE, "tél. 05.28.33.44.55", "05.28.33.44.55"),
    (PHONE, "0528-33-44-55", "0528-33-44-55"),
    (PHONE, "+212 6 12 34 56 78", "+212 6 12 34 56 78"),
    (PHONE, "(+212) 612345678", "(+212) 612345678"),
    (PHONE, "00212612345678", "00212612345678"),
    (PHONE, "+212 (0) 612 345 678", "+212 (0) 612 345 678"),
    (PHONE, "+33 6 12 34 56 78", "+33 6 12 34 56 78"),
    (IDENTITY_CARD, "CIN JB123456", "JB123456"),
    (IDENTITY_CARD, "بطاقة التعريف رقم J 12345", "J 12345"),
    (IDENTITY_CARD, "porteur de la carte ab-12345 : AB-12345", "AB-12345"),
    (IDENTITY_CARD, "البطاقة jb٤٥٦٧٨٩", "jb456789"),
    (EMAIL, "écrire à nadia.b@example.org", "nadia.b@example.org"),
    (PLATE, "سيارة رقمها 12345-أ-6", "12345-أ-6"),
    (PLATE, "un véhicule 4321 | B | 33 garé", "4321 | B | 33"),
    (NAMED, "تدخلت السيدة فاطمة الزهراء وطلبت إنارة", "السيدة فاطمة الزهراء"),
    (NAMED, "اشتكى المدعو كريم، من الضجيج", "المدعو كريم"),
    (NAMED, "وقالت للسيد حسن بناني إن", "للسيد حسن بناني"),
    (NAMED, "Mme Alaoui se plaint du bruit", "Mme Alaoui"),
    (NAMED, "M. Karim El Fassi a parlé", "M. Karim El Fassi"),
    (NAMED, "selon le nommé Brahim", "le nommé Brahim"),
    (NAMED, "السيد محمد العلوي طلب", "السيد محمد العلوي"),
    (ACCUSED, "توقيف المدعو كريم بناني بالحي", "المدعو كريم بناني"),
    (ACCUSED, "المشتبه فيه (ك.ب) يبيع المخدرات", "ك.ب"),
    (ACCUSED, "تم اعتقال الشاب ياسين", "الشاب ياسين"),
    (ACCUSED, "L’arrestation de Karim Bennani est demandée", "arrestation de Karim Bennani"),
    (ACCUSED, "Karim B. a été interpellé hier", "Karim B. a été interpellé"),
    (ACCUSED, "le suspect K.B. vend", "suspect K.B."),
    (ACCUSED, "القبض على المسمى كريم بناني", "المسمى كريم بناني"),
    (ACCUSED, "توقيف الظنين محمد بناني بالحي", "الظنين محمد بناني"),
    (ACCUSED, "وضع المدعو كريم تحت الحراسة النظرية", "المدعو كريم"),
    (ACCUSED, "Karim Bennani, accusé de vol", "Karim Bennani, accusé"),
    (ACCUSED, "le dealer Karim Bennani rôde", "dealer Karim Bennani"),
    (ACCUSED, "تم توقيف محمد العلوي بالحي", "محمد العلوي"),
    (ACCUSED, "اعتقال فاطمة الزهراء بناني أمس", "فاطمة الزهراء"),
    (ACCUSED, "عبد الرحيم بناني الذي تم توقيفه", "عبد الرحيم بناني"),
    (ACCUSED, "القبض على عبدالله بن علي", "عبدالله بن علي"),
    (ACCUSED, "يُشتبه في يوسف آيت لحسن، وهو من الحي", "يوسف آيت لحسن"),
    (ACCUSED, "القبض على عبد الإله ولد الحاج", "عبد الإله ولد الحاج"),
    (ACCUSED, "توقيف التلميذ أيوب الصنهاجي", "أيوب الصنهاجي"),
    (ACCUSED, "توقيف بالشارع محمد بناني", "محمد بناني"),
    (ACCUSED, "وسعيد حجي متهم بالسرقة", "وسعيد حجي"),
    (NAMED, "اشتكت الدكتورة نادية بناني", "الدكتورة نادية بناني"),
    (NAMED, "Maître Bennani est intervenu", "Maître Bennani"),
    (NAMED, "الصورة في ساحة الحي ومعنا أحمد بن علي", "أحمد بن علي"),
    (NAMED, "تكلم محمد بن عبد الرحيم عن الإنارة", "محمد بن عبد الرحيم"),
    (NAMED, "قرب منزل خديجة بنت أحمد، ليلا", "خديجة بنت أحمد"),
    (NAMED, "حضر يوسف آيت لحسن", "يوسف آيت لحسن"),
    (UNNAMED, "طلب ياسين العمراني إنارة الزقاق", "السيد ياسين عمراني"),
    (UNNAMED, "وأضاف لياسين عمراني", "ياسين العمراني"),
    (UNNAMED, "selon EL AMRANI Yassine, rien", "Yassine El Amrani"),
    (UNNAMED, "قال عبد الله بن علي كلمته", "الحاج عبد الله بن علي"),
]
NOT_TOLD = [
    "توقيف الأشخاص المبحوث عنهم لفائدة العدالة",
    "Interpeller les personnes recherchées par la justice",
    "Arrest wanted persons in the neighbourhood",
    "صرّح السيد رئيس منطقة الأمن بأن مصالحه ستواصل",
    "حضر السيد القائد والسيد الباشا والسيدة الرئيسة",
    "صرّح السيد اليازيدي أن توقيف المبحوث عنهم مستمر",
    "السيد محمد اليازيدي قال",
    "M. El Yazidi et Mohamed El Yazidi promettent l’arrestation de suspects",
    "Monsieur le gouverneur, Mme la Présidente, M. Le Président",
    "السيدات والسادة أعضاء المكتب",
    "الشاب الذي تدخل طلب ملعبا",
    "الشارع المسمى ابن سينا",
    "arrêté municipal n° 12 du Conseil, arrêt de bus Hay Salam",
    "suspect : Police Judiciaire de Hay Mohammadi",
    "le 12-01-2019 et 08-09-2026 10:30, en 2019, EN 2019, N 12345",
    "RN 1001, PV 12345, A4, 200 lampadaires, 12 500 DH, 2019-01-12",
    "من الساعة 08:00 إلى 18:00، المادة 27",
    "ياسين طلب، والعمراني غائب",
    "ممثل الساكنة طلب دوريات",
    "الطريق إلى سيدي بيبي وشارع مولاي رشيد",
    "توقيف المتهم الرئيسي والمتهم بالسرقة",
    "توقيف المبحوث عنهم بشارع محمد الخامس",
    "اعتقال مروجي المخدرات قرب مسجد الحسن الثاني",
    "توقيف لص أمام جامعة ابن زهر وثانوية يوسف بن تاشفين",
    "توقيف سارق قرب مدرسة الشهيد محمد الزرقطوني",
    "توقيف المشتبه فيهم بجامعة سيدي محمد بن عبد الله",
    "القبض على لص بساحة الملك محمد السادس وحي مولاي رشيد ليلا",
    "توقيف مروج بسيدي يوسف بن علي",
    "توقيف المبحوث عنهم كما وعد محمد اليازيدي أمس",
    "وعد العميد محمد بناني بتوقيف المبحوث عنهم",
    "توقيف محمد بالحي، واعتقال كريم الذي يبيع المخدرات",
    "توقيف سعيد بتهمة السرقة واعتقال خالد يوم الأحد",
    "اعتقال عبد تم توقيف محمد",
    "حضر محمد العلوي وطلب من الساكنة أن تعود إلى دورها بعد توقيف اللص",
    "Mohamed El Yazidi, accusé de réception du 3 mai",
    "جمعية النور للتنمية طلبت دوريات",
    "إنارة شارع محمد بن عبد الله وحي ابن سينا",
    "بشارع أحمد بن علي وزنقة خالد بن سعيد وبدرب إبراهيم بن موسى",
    "شارعي محمد بن علي وأحمد بن يوسف، وثانوية عمر بن عبد العزيز",
    "دورية بمحمد بن عبد الله وقرب سيدي يوسف بن علي",
    "جامعة سيدي محمد بن عبد الله، تجزئة الأمير مولاي إدريس بن إدريس",
    "طارق بن زياد، خالد بن الوليد، عمر بن الخطاب، يوسف بن تاشفين",
    "وعد رئيس منطقة الأمن الإقليمي محمد بن علي بدوريات",
    "قال محمد اليازيدي بن علي",
    "",
]
KNOWN = ["محمد اليازيدي", "Mohamed El Yazidi", "جمعية النور للتنمية"]


@pytest.mark.parametrize(("sort", "text", "words"), TOLD)
def test_what_leads_to_a_private_person_is_told(sort: str, text: str, words: str) -> None:
    unnamed = [words] if sort == UNNAMED else []
    assert found_in(text, known=KNOWN, unnamed=unnamed) == [(sort, words)]


@pytest.mark.parametrize("text", NOT_TOLD)
def test_what_names_nobody_is_left_alone(text: str) -> None:
    unnamed = ["ياسين العمراني", "ممثل الساكنة", "النور للتنمية", "فاطمة"]
    assert found_in(text, known=KNOWN, unnamed=unnamed) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mme Alaoui Fatima Zahra Idrissi, arrêtée hier", [(ACCUSED, "Fatima Zahra Idrissi, arrêtée")]),
        ("القبض على محمد بناني وأحمد التازي ليلا", [(ACCUSED, "محمد بناني"), (ACCUSED, "وأحمد التازي")]),
        ("اعتقال محمد العلوي الإدريسي", [(ACCUSED, "محمد العلوي")]),
        ("اعتقال السيد ياسين العمراني", [(ACCUSED, "السيد ياسين العمراني")]),
        ("طلب السيد ياسين العمراني إنارة", [(UNNAMED, "ياسين العمراني")]),
        ("السيدة ياسين العمراني، 0612345678", [(UNNAMED, "ياسين العمراني"), (PHONE, "0612345678")]),
        ("0612345678@example.org", [(EMAIL, "0612345678@example.org")]),
        (
            "صورة من اللقاء ومعنا أحمد بن علي 0661234567",
            [(NAMED, "أحمد بن علي"), (PHONE, "0661234567")],
        ),
        ("للاتصال: سعيد حجي، هاتفه 06 61 23 45 67", [(NAMED, "سعيد حجي"), (PHONE, "06 61 23 45 67")]),
        ("٠٦٦١٢٣٤٥٦٧ فاطمة بناني", [(NAMED, "فاطمة بناني"), (PHONE, "0661234567")]),
        ("Photo : Karim El Fassi, tél. 06 61 23 45 67", [(NAMED, "Karim El Fassi"), (PHONE, "06 61 23 45 67")]),
        ("Karim Bennani : +212 661 234 567", [(NAMED, "Karim Bennani"), (PHONE, "+212 661 234 567")]),
        ("صيدلية مريم الجديدة 0661234567", [(PHONE, "0661234567")]),
        ("حضر سعيد حجي. للاتصال بالجمعية 0528334455", [(PHONE, "0528334455")]),
        ("اتصلوا بمحمد على 0661234567", [(PHONE, "0661234567")]),
        ("محمد اليازيدي 0661234567", [(PHONE, "0661234567")]),
        ("شارع محمد بناني، الهاتف 0661234567", [(PHONE, "0661234567")]),
        ("Mohamed El Yazidi 0661234567", [(PHONE, "0661234567")]),
        (
            "Association Annour 0661234567, Police Secours 06 61 23 45 68",
            [(PHONE, "0661234567"), (PHONE, "06 61 23 45 68")],
        ),
        ("Souk Tleta 0661234567 دوار بني أحمد الشرقية 0661234567", [(PHONE, "0661234567")]),
        ("Centre Social 05 28 33 44 55", [(PHONE, "05 28 33 44 55")]),
        ("السيد كريم بناني حضر، ثم غاب وقيل بعد أيام: اعتقال السيد كريم بناني", [(ACCUSED, "السيد كريم بناني")]),
    ],
)
def test_one_phrase_is_told_once_as_the_gravest_that_it_is(text: str, found: list[tuple[str, str]]) -> None:
    assert found_in(text, known=KNOWN, unnamed=["ياسين العمراني"]) == found


@pytest.mark.parametrize(
    "text",
    [
        "A. " * 1500,
        "A" * 4000,
        "Aa-" * 1500,
        "a" * 4000,
        "A." * 2000,
        "توقيف محمد " * 900,
        "محمد على 0661234567 " * 400,
    ],
)
def test_a_text_made_to_keep_us_busy_is_read_like_any_other(text: str) -> None:
    """With repetitions that have no end, the first of these would take an hour."""
    assert not {each.sort for each in found_in(text)} - {PHONE}
    assert found_in("محمد بن " * 1200) == [(NAMED, "محمد بن محمد")]


def test_a_first_name_shared_with_an_official_is_still_told() -> None:
    assert found_in("السيد محمد بناني", known=KNOWN) == [(NAMED, "السيد محمد بناني")]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("إقامة سدود أمنية عند مدخل الحي", "اقامة السدود الأمنية عند مدخل حي", True),
        ("Réparer l’éclairage de la rue 12", "Réparer éclairage rue 12", True),
        ("Réparer l’éclairage de la rue 12", "Réparer l’éclairage de la rue 14 et de la place du marché", False),
        ("الزيادة في عدد الحملات الأمنية", "تنظيم الحملات الأمنية في أوقات الدخول", False),
        ("دورية", "دوريات", False),
        ("", "", False),
    ],
)
def test_titles_of_mostly_the_same_words_are_alike(one: str, other: str, alike: bool) -> None:
    assert are_alike(one, other) is alike
