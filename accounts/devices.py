"""A browser and its system in words, from what browsers say of themselves. Pure; a guess good enough to know one's own."""

# The first that is found; of browsers that name each other the more special stands first.
BROWSERS = [("Edg", "Edge"), ("OPR/", "Opera"), ("coc_coc", "Cốc Cốc"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome")]
BROWSERS += [("Safari/", "Safari")]
SYSTEMS = [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS")]
SYSTEMS += [("Linux", "Linux")]


def words(told: str) -> str:
    browser = next((name for mark, name in BROWSERS if mark in told), "")
    system = next((name for mark, name in SYSTEMS if mark in told), "")
    return " trên ".join(part for part in (browser, system) if part) or "Thiết bị không rõ"
