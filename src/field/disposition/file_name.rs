//! Names of files that come from strangers.

use alloc::borrow::Cow;
use alloc::string::String;

/// Returns the name that a file can be saved as whose name came from a stranger, or `None` where no name
/// is left.
///
/// It is a name in a folder on any system, and shows as what it is. Ordinary names stay as they are, in
/// any script. Doing it again changes nothing.
///
/// | in the name | becomes | because |
/// |---|---|---|
/// | all up to the last `/` or `\` | nothing | `../../etc/passwd` and `C:\autoexec.bat` lead out of the folder |
/// | controls, U+0000 to U+001F and U+007F to U+009F, and line and paragraph separators | `_` | they end names in C, and forge lines in logs and on terminals |
/// | <code>< > : " \| ? *</code> | `_` | Windows refuses them, or takes `a.txt:b` for a hidden stream of `a.txt` |
/// | what changes the direction of text: U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069 | nothing | with it `photo_gpj.exe` shows as `photo_exe.jpg` |
/// | what does not show: U+00AD, U+034F, U+115F, U+1160, U+180E, U+200B, U+2060 to U+2065, U+206A to U+206F, U+3164, U+FEFF, U+FFA0, U+FFF9 to U+FFFB, U+E0000 to U+E007F | nothing | two names would look the same |
/// | joiners, U+200C and U+200D, at the start or behind ASCII or whitespace | nothing | the same; elsewhere Persian, the scripts of India and emoji need them |
/// | whitespace at the start; whitespace and dots at the end | nothing | Windows drops those at the end, so that `a.exe.` is `a.exe` |
/// | `.` at the start | `_` | the file would be hidden, and `.htaccess` and `.bashrc` are obeyed |
/// | `-` and `~` at the start | `_` | commands take `-rf` for an option and `~root` for a home |
/// | `CON`, `PRN`, `AUX`, `NUL`, `CLOCK$`, `CONIN$`, `CONOUT$`, `COM0` to `COM9` and `LPT0` to `LPT9`, with a superscript digit too, in any case, alone or before a dot | `_` before it | they are devices in every folder of Windows |
/// | what exceeds 255 bytes in UTF-8 | nothing | no usual file system has longer names; the end of the name before the extension goes, in whole characters |
///
/// `None` is what is left of the empty name, of `.`, `..` and `a/`.
///
/// Whether a file of the name is there already, and what it does when it is opened, is not looked at: an
/// `.exe` stays one.
///
/// # Examples
///
/// ```
/// use nethttp::field::safe_file_name;
///
/// for (name, safe) in [
///     ("annual report.pdf", Some("annual report.pdf")),
///     ("отчёт.pdf", Some("отчёт.pdf")),
///     ("../../etc/passwd", Some("passwd")),
///     (r"C:\fakepath\me.jpg", Some("me.jpg")),
///     (".htaccess", Some("_htaccess")),
///     ("nul.txt", Some("_nul.txt")),
///     ("what?.txt", Some("what_.txt")),
///     ("photo_\u{202e}gpj.exe", Some("photo_gpj.exe")),
///     ("..", None),
/// ] {
///     assert_eq!(safe_file_name(name).as_deref(), safe);
/// }
/// ```
#[must_use]
pub fn safe_file_name(name: &str) -> Option<Cow<'_, str>> {
    let name = name.rsplit(['/', '\\']).next()?;
    let name = narrowed(printable(name), |name| trim_end(name.trim_start()));
    // A device can hide behind more spaces than there is room for.
    let name = shortened(name);
    let name = match name.chars().next()? {
        first @ ('.' | '-' | '~') => {
            let behind = name.strip_prefix(first).unwrap_or_default();
            Cow::Owned(["_", behind].concat())
        }
        _ if is_device(&name) => Cow::Owned(["_", &*name].concat()),
        _ => name,
    };
    Some(shortened(name))
}

/// The most bytes of a name.
const MAX_LEN: usize = 255;

/// The most bytes of an extension, with its dot, that is kept where a name is too long.
const MAX_EXTENSION: usize = 32;

/// What becomes of a character.
#[derive(PartialEq, Eq)]
enum Fate {
    Stays,
    IsReplaced,
    Goes,
}

/// Decides about a character by the one that stands before it in the result.
fn fate(c: char, before: Option<char>) -> Fate {
    match c {
        '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\u{2028}' | '\u{2029}' => Fate::IsReplaced,
        _ if c.is_control() => Fate::IsReplaced,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Fate::Goes
        }
        '\u{ad}'
        | '\u{34f}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{180e}'
        | '\u{200b}'
        | '\u{2060}'..='\u{2065}'
        | '\u{206a}'..='\u{206f}'
        | '\u{3164}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => Fate::Goes,
        '\u{200c}' | '\u{200d}' if before.is_none_or(|it| it.is_ascii() || it.is_whitespace()) => {
            Fate::Goes
        }
        _ => Fate::Stays,
    }
}

/// Returns the name without what does not show, and with `_` for what may not stand in it.
fn printable(name: &str) -> Cow<'_, str> {
    let mut before = None;
    let is_printable = name.chars().all(|c| fate(c, before.replace(c)) == Fate::Stays);
    if is_printable {
        return Cow::Borrowed(name);
    }
    let mut made = String::with_capacity(name.len());
    let mut before = None;
    for c in name.chars() {
        let c = match fate(c, before) {
            Fate::Stays => c,
            Fate::IsReplaced => '_',
            Fate::Goes => continue,
        };
        made.push(c);
        before = Some(c);
    }
    Cow::Owned(made)
}

/// Returns the part of a text that the function returns.
fn narrowed(text: Cow<'_, str>, part: impl Fn(&str) -> &str) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(part(text)),
        Cow::Owned(text) => {
            let kept = part(&text);
            Cow::Owned(if kept.len() == text.len() { text } else { kept.into() })
        }
    }
}

fn trim_end(name: &str) -> &str {
    name.trim_end_matches(|c: char| c == '.' || c.is_whitespace())
}

/// Returns whether Windows takes the name for a device: whatever follows the first dot, and spaces before
/// it, do not matter to it.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let is = |device: &str| stem.eq_ignore_ascii_case(device);
    let is_port = || {
        let Some((port, number)) = stem.split_at_checked(3) else {
            return false;
        };
        let mut digits = number.chars();
        matches!((digits.next(), digits.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
            && (port.eq_ignore_ascii_case("COM") || port.eq_ignore_ascii_case("LPT"))
    };
    ["CON", "PRN", "AUX", "NUL", "CLOCK$", "CONIN$", "CONOUT$"].into_iter().any(is) || is_port()
}

/// Returns the name without what exceeds [`MAX_LEN`], with its extension where that is one.
fn shortened(name: Cow<'_, str>) -> Cow<'_, str> {
    if name.len() <= MAX_LEN {
        return name;
    }
    let dot = name.rfind('.').unwrap_or(name.len());
    let (stem, extension) = match name.split_at_checked(dot) {
        Some((stem, extension)) if (2..=MAX_EXTENSION).contains(&extension.len()) => {
            (stem, extension)
        }
        _ => (&*name, ""),
    };
    let mut end = MAX_LEN - extension.len();
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    let stem = stem.get(..end).unwrap_or_default();
    if extension.is_empty() {
        return narrowed(name, |name| trim_end(name.get(..end).unwrap_or_default()));
    }
    Cow::Owned([stem, extension].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[track_caller]
    fn makes(name: &str, expected: Option<&str>) {
        let found = safe_file_name(name);
        assert_eq!(found.as_deref(), expected, "{name:?}");
        if let Some(safe) = expected {
            assert_eq!(safe_file_name(safe).as_deref(), expected, "again");
        }
    }

    #[track_caller]
    fn keeps(name: &str) {
        assert!(
            matches!(safe_file_name(name), Some(Cow::Borrowed(safe)) if safe == name),
            "{name}"
        );
    }

    #[test]
    fn ordinary_names_stay() {
        for name in [
            "a",
            "annual report (final) [2], 50% & more; 'x' = {1}!.tar.gz",
            "a-b~c_.d",
            "naïve.txt",
            "Übergröße.pdf",
            "отчёт за май.docx",
            "年次報告書（最終）.pdf",
            "연차 보고서.hwp",
            "รายงานประจำปี.pdf",
            "दस्तावेज़.txt",
            "קובץ.txt",
            "تقرير سنوي.pdf",
            "می\u{200c}خواهم.txt",
            "ක්\u{200d}ෂ.txt",
            "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} \u{2764}\u{fe0f}.png",
            "e\u{301}.txt",
            "CONFIG.sys",
            "NULL",
            "com10",
            "lpt",
            "aux_",
            "a.con",
        ] {
            keeps(name);
        }
    }

    #[test]
    fn only_the_last_segment_counts() {
        makes("/etc/passwd", Some("passwd"));
        makes(r"..\..\windows\win.ini", Some("win.ini"));
        makes(r"a/b\c/d", Some("d"));
        makes("a/", None);
        makes(r"a\", None);
        makes("a/..", None);
        makes("C:a.txt", Some("C_a.txt"));
    }

    #[test]
    fn nothing_is_left_of_some_names() {
        for name in ["", ".", "..", "...", " ", ". .", "\u{200b}", "\u{feff}..", "\u{3000}\u{200d}"]
        {
            makes(name, None);
        }
    }

    #[test]
    fn controls_and_what_windows_refuses_are_replaced() {
        makes("a\0b\r\nc\x7fd\u{85}e", Some("a_b__c_d_e"));
        makes("a\u{2028}b\u{2029}", Some("a_b_"));
        makes("<a>:\"|?*.txt", Some("_a______.txt"));
        makes("a.txt:b:$DATA", Some("a.txt_b_$DATA"));
        makes("\u{1b}[31m", Some("_[31m"));
    }

    #[test]
    fn what_does_not_show_goes() {
        makes("photo_\u{202e}gpj.exe", Some("photo_gpj.exe"));
        makes("\u{feff}a\u{200b}\u{2060}\u{ad}b\u{2066}\u{2069}", Some("ab"));
        makes("a\u{200d}b\u{200c}é\u{200d}\u{200d}", Some("abé\u{200d}\u{200d}"));
        makes("a\u{e0061}\u{3164}", Some("a"));
    }

    #[test]
    fn ends_are_trimmed() {
        makes(" \u{3000} a.exe . .", Some("a.exe"));
        makes("a.\u{200b}", Some("a"));
        makes("a\u{a0}", Some("a"));
    }

    #[test]
    fn nothing_is_hidden_or_an_option() {
        makes(".htaccess", Some("_htaccess"));
        makes(" ..a", Some("_.a"));
        makes("\u{200b}.a", Some("_a"));
        makes("-rf", Some("_rf"));
        makes("--", Some("_-"));
        makes("~", Some("_"));
        makes("~root", Some("_root"));
    }

    #[test]
    fn devices_are_not_files() {
        for name in [
            "con",
            "PRN",
            "Aux",
            "nul",
            "clock$",
            "CONIN$",
            "conout$",
            "COM1",
            "com0",
            "LPT9",
            "COM¹",
            "lpt²",
            "LPT³",
            "nul.txt",
            "NUL.tar.gz",
            "con .txt",
            "aux\u{3000}.txt",
        ] {
            makes(name, Some(&format!("_{name}")));
        }
        makes("co\u{200b}n", Some("_con"));
        makes("NUL:", Some("NUL_"));
        makes("NUL. ", Some("_NUL"));
        let spaces = " ".repeat(300);
        makes(&format!("con{spaces}a"), Some("_con"));
        let device = safe_file_name(&format!("con{spaces}a.txt")).map(Cow::into_owned);
        assert!(device.is_some_and(|it| it.starts_with("_con ") && it.ends_with(" .txt")));
        makes(&format!(".{spaces}a"), None);
        keeps("com⁴");
        keeps("coé1");
    }

    #[test]
    fn long_names_keep_their_extension() {
        let a = |count| "a".repeat(count);
        keeps(&a(255));
        keeps(&format!("{}.txt", a(251)));
        makes(&a(256), Some(&a(255)));
        makes(&format!("{}.txt", a(300)), Some(&format!("{}.txt", a(251))));
        makes(&format!("{}.", a(300)), Some(&a(255)));
        makes(&format!("a.{}", a(300)), Some(&format!("a.{}", a(253))));
        makes(&format!("a.{}", ".".repeat(300) + "b"), Some(&format!("a.{}.b", ".".repeat(251))));
        let extension = |count| format!("{}.{}", a(300), "b".repeat(count));
        makes(&extension(31), Some(&format!("{}.{}", a(223), "b".repeat(31))));
        makes(&extension(32), Some(&a(255)));
        makes(&format!("nul.{}", a(252)), Some(&format!("_nul.{}", a(250))));
    }

    #[test]
    fn long_names_are_cut_between_characters() {
        makes(&"é".repeat(200), Some(&"é".repeat(127)));
        makes(&format!("{}.txt", "€".repeat(200)), Some(&format!("{}.txt", "€".repeat(83))));
        makes(&format!("{} b{}", "a".repeat(254), "c".repeat(50)), Some(&"a".repeat(254)));
    }
}
