using NUnit.Framework;
using Signals.Ipc.Guards;

namespace Signals.Tests.Ipc;

/// <summary>H7: text from a peer can neither forge, hide nor fill log entries.</summary>
public sealed class PeerTextTests
{
    [TestCase("Greeter")]
    [TestCase("Grüße, 世界 😀 \\ \"")]
    [TestCase("")]
    public void H7_harmless_text_of_a_peer_is_quoted_unchanged(string text) => Assert.That(PeerText.Clean(text), Is.SameAs(text));

    [TestCase("a\nb", "a\\u{A}b")]
    [TestCase("\r\t\0\u007f", "\\u{D}\\u{9}\\u{0}\\u{7F}")]
    [TestCase("\u0085\u2028\u2029", "\\u{85}\\u{2028}\\u{2029}")]
    [TestCase("\u202egnp.exe\u2066\u200f", "\\u{202E}gnp.exe\\u{2066}\\u{200F}")]
    [TestCase("\U000E0041!", "\\u{E0041}!")]
    [TestCase("x\u001b[2J", "x\\u{1B}[2J")]
    public void H7_text_of_a_peer_that_could_forge_or_hide_log_entries_is_escaped(string text, string clean) =>
        Assert.That(PeerText.Clean(text), Is.EqualTo(clean));

    [Test]
    public void H7_half_of_a_surrogate_pair_is_escaped()
    {
        Assert.That(PeerText.Clean("a" + (char)0xD83D), Is.EqualTo("a\\u{D83D}"));
        Assert.That(PeerText.Clean((char)0xDE00 + "b"), Is.EqualTo("\\u{DE00}b"));
    }

    [Test]
    public void H7_long_text_of_a_peer_is_truncated()
    {
        string longest = new('z', PeerText.MaxLength);
        Assert.That(PeerText.Clean(longest), Is.SameAs(longest));
        Assert.That(PeerText.Clean(longest + "z"), Is.EqualTo($"{longest}… ({PeerText.MaxLength + 1} characters)"));
        Assert.That(PeerText.Clean(new string('\n', 1_000_000)), Has.Length.LessThan(6 * PeerText.MaxLength));
    }
}
