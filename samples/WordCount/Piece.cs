namespace WordCount;

/// <summary>
/// A part of a file of about one mebibyte that begins and ends between words. Parts of equal size keep all workers busy to the end.
/// </summary>
/// <param name="Path">The file.</param>
/// <param name="Start">An offset in bytes. The part begins after the first byte from there that cannot belong to a word.</param>
/// <param name="Text">The text of the part; null when the worker reads it from the same disk.</param>
/// <param name="Turnstile">The turnstile at which the job waits before it counts; null for no wait.</param>
internal sealed record Piece(string Path, long Start, byte[]? Text = null, Turnstile? Turnstile = null)
{
    private const int Size = 1024 * 1024;

    /// <summary>
    /// Splits a file into parts. An empty file has none. A pipe has none either: its length is 0, and opening it would block.
    /// </summary>
    public static IEnumerable<Piece> Split(FileInfo file)
    {
        for (long start = 0; start < file.Length; start += Size)
            yield return new Piece(file.FullName, start);
    }

    /// <summary>Returns the bytes of the part.</summary>
    public byte[] Read()
    {
        if (Text is not null)
            return Text;
        using var file = File.OpenRead(Path);
        var from = Start == 0 ? 0 : FindBoundary(file, Start);
        var to = FindBoundary(file, Start + Size);
        if (to <= from)
            return [];
        var bytes = new byte[to - from];
        file.Position = from;
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>
    /// Finds the offset after the first byte from a position that cannot belong to a word. In UTF-8 each byte below 128 is a whole
    /// character.
    /// </summary>
    private static long FindBoundary(FileStream file, long position)
    {
        if (position >= file.Length)
            return file.Length;
        file.Position = position;
        for (int value; (value = file.ReadByte()) >= 0;)
        {
            if (value < 128 && !char.IsAsciiLetter((char)value))
                break;
        }

        return file.Position;
    }
}
