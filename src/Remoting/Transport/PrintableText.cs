using System.Text;

namespace Actors.Remoting.Transport;

/// <summary>Text of a peer that is shown to users.</summary>
internal static class PrintableText
{
    /// <summary>Decodes a text, and replaces control characters, which could forge lines of a log.</summary>
    public static string FromUtf8(ReadOnlySpan<byte> utf8) =>
        new([.. Encoding.UTF8.GetString(utf8).Select(c => char.IsControl(c) ? ' ' : c)]);
}
