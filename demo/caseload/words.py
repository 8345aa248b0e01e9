"""Names, schools and a plan's few words for children who do not exist."""

GIRLS = (
    "Ada", "Aisha", "Alice", "Amelia", "Asha", "Beatrix", "Bella", "Bronwen", "Chloe", "Dina", "Ella", "Esme", "Fatima",
    "Freya", "Gwen", "Hana", "Imogen", "Iris", "Jasmine", "Keira", "Leila", "Lottie", "Maja", "Mei", "Nell", "Nora",
    "Olivia", "Poppy", "Precious", "Rosa", "Safiya", "Tilly", "Uma", "Willow", "Yara", "Zofia",
)  # fmt: skip
BOYS = (
    "Adam", "Ahmed", "Alfie", "Arjun", "Ben", "Caleb", "Callum", "Daniyal", "Dylan", "Ellis", "Ezra", "Femi", "Finley",
    "George", "Harvey", "Ibrahim", "Isaac", "Jakub", "Joel", "Kai", "Kofi", "Leon", "Logan", "Marek", "Mateo", "Noah",
    "Oscar", "Owen", "Ravi", "Rory", "Samir", "Theo", "Tobias", "Umar", "Victor", "Yusuf",
)  # fmt: skip
SURNAMES = (
    "Abara", "Akhtar", "Aldridge", "Ashworth", "Bains", "Barlow", "Begum", "Birtwistle", "Bradshaw", "Brierley",
    "Chowdhury", "Clegg", "Crossley", "Danso", "Dearden", "Eastham", "Entwistle", "Farooq", "Fielden", "Gill",
    "Greenhalgh", "Hargreaves", "Hassan", "Haworth", "Heaton", "Holt", "Ingham", "Jagger", "Kamara", "Kaur", "Kershaw",
    "Kowalska", "Lomax", "Mahmood", "Malik", "Marsden", "Mellor", "Mistry", "Nuttall", "Ogden", "Okeke", "Openshaw",
    "Patel", "Pickles", "Pilkington", "Quarmby", "Ramsbottom", "Rashid", "Rigby", "Sagar", "Schofield", "Shaw",
    "Sutcliffe", "Tattersall", "Thornley", "Turay", "Uddin", "Varley", "Whitworth", "Wójcik", "Yates",
)  # fmt: skip
PARENTS = (
    "Adeola", "Alison", "Anil", "Bethan", "Carl", "Claire", "Darren", "Deepa", "Ewelina", "Gareth", "Halima", "Helen",
    "Imran", "Jo", "Karen", "Kwame", "Lorraine", "Magda", "Martin", "Nasreen", "Paul", "Rachel", "Rukhsana", "Sean",
    "Shazia", "Simon", "Stella", "Sunita", "Tariq", "Wendy",
)  # fmt: skip
STREETS = (
    "Alder Bank",
    "Canal Street",
    "Chapel Brow",
    "Fell Lane",
    "Mill Row",
    "Moor View",
    "Quarry Hill",
    "Weir Road",
)
# What each stage of school life has to choose among: (slug, name).
PRIMARIES = (
    ("alder-bank-primary", "Alder Bank Primary School"),
    ("canal-street-infants", "Canal Street Infant School"),
    ("fellside-primary", "Fellside Primary School"),
    ("holly-mount-primary", "Holly Mount Primary School"),
    ("kestrel-primary", "Kestrel Primary School"),
    ("millbrook-primary", "Millbrook Primary School"),
    ("quarry-hill-primary", "Quarry Hill Primary School"),
    ("st-oswalds-primary", "St Oswald’s Primary School"),
)
SECONDARIES = (
    ("fell-edge-high", "Fell Edge High School"),
    ("northmere-high", "Northmere High School"),
    ("tarn-academy", "Tarn Academy"),
    ("weirside-school", "Weirside School"),
)
SPECIAL = (
    ("lantern-house", "Lantern House School"),
    ("orchard-lodge", "Orchard Lodge School"),
    ("the-wharf", "The Wharf School"),
)
COLLEGES = (("northmere-college", "Northmere College"), ("tarnside-sixth-form", "Tarnside Sixth Form College"))
DESIGNATED = ("Dr Nuala Byrne", "Owain Pugh")  # for health, for social care
CASEWORKERS = ("Bilal Aziz", "Carys Morgan", "Dominic Frost", "Ewa Nowicka", "Gemma Tully", "Hugo Lund")

# A need, what it means, what will be different, and what happens, by the Code's areas; {} is what the child is called.
PLANS = {
    "communication": (
        ("Understanding what is said in class", "{} follows one instruction at a time, and loses the thread of two."),
        ("{} follows a lesson’s instructions without a grown-up saying them again.", "Four out of five lessons"),
        ("A programme set by a speech and language therapist, carried out with {}.", 30, "three times a week"),
    ),
    "cognition": (
        ("Reading and remembering", "{} reads at the level of a child three years younger, and tires quickly."),
        ("{} reads a page of a book of choice alone, and tells somebody about it.", "Each half term"),
        ("Teaching of reading in small steps, with {} and one other child.", 20, "every school day"),
    ),
    "semh": (
        ("Feeling safe in a busy place", "{} leaves the room when it is loud, and needs an hour to come back."),
        ("{} says when it is too much, and goes to a quiet place and back without help.", "Most days of a week"),
        ("Time with a named key worker, who plans the day with {}.", 15, "each morning and each afternoon"),
    ),
    "sensory": (
        ("Hearing what is said across a room", "{} hears a voice close by, and not one from the other side."),
        ("{} takes part in a group of six and hears each of them.", "In every group lesson"),
        ("A teacher of the deaf sees {} and advises the staff.", 60, "once a fortnight"),
    ),
}  # fmt: skip
HOPE = "To have a friend to play with, and to be good at something."
REASON = "Asked for in person; it is to follow, and the family is not to wait for it."
