namespace WordCount;

/// <summary>Files in pieces: a small file is one, a large one is cut where no word is, so that no job is much longer than another.</summary>
internal static class Pieces
{
    private const int Size = 1024 * 1024;

    /// <summary>Reads the files one after the other, a piece at a time; <paramref name="read"/> is told of each file when it was read.</summary>
    public static IEnumerable<byte[]> Of(IEnumerable<FileInfo> files, Action<FileInfo> read)
    {
        foreach (var file in files)
        {
            using var stream = file.OpenRead();
            var rest = Array.Empty<byte>();
            for (byte[] piece; (piece = Next(stream, ref rest)).Length > 0;)
                yield return piece;
            read(file);
        }
    }

    private static byte[] Next(Stream stream, ref byte[] rest)
    {
        var buffer = new byte[rest.Length + Size];
        rest.CopyTo(buffer, 0);
        var length = rest.Length + stream.ReadAtLeast(buffer.AsSpan(rest.Length), Size, throwOnEndOfStream: false);
        if (length < buffer.Length)
        {
            rest = [];
            return buffer[..length];
        }

        // A byte below 128 is a character of its own in UTF-8, whatever comes before: cut behind the last that is no letter.
        var cut = Array.FindLastIndex(buffer, value => value < 128 && !char.IsAsciiLetter((char)value)) + 1;
        if (cut == 0)
        {
            rest = buffer;
            return Next(stream, ref rest);
        }

        rest = buffer[cut..];
        return buffer[..cut];
    }
}
