using System.Text;

namespace Actors.Remoting.Transport;

/// <summary>Text of a peer that is shown to users.</summary>
public static class PrintableText
{
    /// <summary>Decodes a text, and replaces control characters.</summary>
    public static string FromUtf8(ReadOnlySpan<byte> utf8) => FromText(Encoding.UTF8.GetString(utf8));

    /// <summary>Replaces the control characters of a text. They could forge lines of a log, or control a terminal.</summary>
    public static string FromText(string text) => string.Create(text.Length, text, static (printable, source) =>
    {
        for (var i = 0; i < source.Length; i++)
            printable[i] = char.IsControl(source[i]) ? ' ' : source[i];
    });
}
