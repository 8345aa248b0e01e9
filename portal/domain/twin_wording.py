"""In whose words a section can be said again: easy words, or one of the languages that families here read."""

from dataclasses import dataclass

from portal.domain.error import NotFound

EASY_READ = "easy-read"


@dataclass(frozen=True)
class Wording:
    """`tag` stands in the address; `lang` (BCP 47) and `direction` stand on the words; `own` is its name in itself."""

    tag: str
    name: str
    own: str
    right_to_left: bool = False

    @property
    def lang(self) -> str:
        return "en-GB" if self.is_easy else self.tag

    @property
    def direction(self) -> str:
        return "rtl" if self.right_to_left else "ltr"

    @property
    def is_easy(self) -> bool:
        return self.tag == EASY_READ

    @property
    def title(self) -> str:
        """How it is named in a list: "Easy read", "Urdu (اردو)"."""
        return self.name if self.is_easy else f"{self.name} ({self.own})"

    @property
    def phrase(self) -> str:
        """How a sentence names it: "in easy words", "in Urdu"."""
        return "in easy words" if self.is_easy else f"in {self.name}"


WORDINGS = (
    Wording(EASY_READ, "Easy read", "Easy read"),
    Wording("sq", "Albanian", "Shqip"),
    Wording("am", "Amharic", "አማርኛ"),
    Wording("ar", "Arabic", "العربية", right_to_left=True),
    Wording("bn", "Bengali", "বাংলা"),
    Wording("bg", "Bulgarian", "Български"),
    Wording("zh-hans", "Chinese, simplified", "简体中文"),
    Wording("zh-hant", "Chinese, traditional", "繁體中文"),
    Wording("fr", "French", "Français"),
    Wording("gu", "Gujarati", "ગુજરાતી"),
    Wording("hi", "Hindi", "हिन्दी"),
    Wording("it", "Italian", "Italiano"),
    Wording("ku", "Kurdish, Kurmanji", "Kurdî"),
    Wording("ckb", "Kurdish, Sorani", "کوردی", right_to_left=True),
    Wording("lt", "Lithuanian", "Lietuvių"),
    Wording("ne", "Nepali", "नेपाली"),
    Wording("ps", "Pashto", "پښتو", right_to_left=True),
    Wording("fa", "Persian", "فارسی", right_to_left=True),
    Wording("pl", "Polish", "Polski"),
    Wording("pt", "Portuguese", "Português"),
    Wording("pa", "Punjabi", "ਪੰਜਾਬੀ"),
    Wording("pa-arab", "Punjabi, Shahmukhi", "پنجابی", right_to_left=True),
    Wording("ro", "Romanian", "Română"),
    Wording("so", "Somali", "Soomaali"),
    Wording("es", "Spanish", "Español"),
    Wording("ta", "Tamil", "தமிழ்"),
    Wording("ti", "Tigrinya", "ትግርኛ"),
    Wording("tr", "Turkish", "Türkçe"),
    Wording("uk", "Ukrainian", "Українська"),
    Wording("ur", "Urdu", "اردو", right_to_left=True),
    Wording("vi", "Vietnamese", "Tiếng Việt"),
    Wording("cy", "Welsh", "Cymraeg"),
)
BY_TAG = {each.tag: each for each in WORDINGS}


def wording(tag: str) -> Wording:
    """The wording of that tag; NotFound for one that is not on the list."""
    try:
        return BY_TAG[tag]
    except KeyError:
        raise NotFound("no such wording") from None
