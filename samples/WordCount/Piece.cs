namespace WordCount;

/// <summary>A part of a file that begins and ends where no word is, so that no job is much longer than another.</summary>
/// <param name="Path">The file.</param>
/// <param name="Start">About where the part begins, in bytes: behind the first byte from here on that is surely in no word.</param>
/// <param name="Text">What is in it; null when the worker reads it itself, from the same disk.</param>
/// <param name="Turnstile">Where its job waits; null where it does not.</param>
internal sealed record Piece(string Path, long Start, byte[]? Text = null, Turnstile? Turnstile = null)
{
    private const int Size = 1024 * 1024;

    /// <summary>The parts of a file. An empty one has none; nor has a pipe, which is as long, and which whoever opens it would wait for.</summary>
    public static IEnumerable<Piece> Of(FileInfo file)
    {
        for (long start = 0; start < file.Length; start += Size)
            yield return new Piece(file.FullName, start);
    }

    /// <summary>Its bytes.</summary>
    public byte[] Read()
    {
        if (Text is not null)
            return Text;
        using var file = File.OpenRead(Path);
        var from = Start == 0 ? 0 : Boundary(file, Start);
        var to = Boundary(file, Start + Size);
        if (to <= from)
            return [];
        var bytes = new byte[to - from];
        file.Position = from;
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The place behind the first byte from here on that is surely in no word: one below 128 is a character of its own in UTF-8.</summary>
    private static long Boundary(FileStream file, long position)
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
