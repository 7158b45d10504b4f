using System.Buffers.Text;

namespace Actors.Remoting.Transport;

/// <summary>
/// Checks the text of a path of an actor. The framework goes to the parent at <c>..</c>, ignores empty names, and reads a number after each
/// <c>#</c>. A path with these would be judged as one actor, and delivered to another.
/// </summary>
public static class ActorNames
{
    /// <summary>Reads a path that consists of names, with an optional number of the actor at the end.</summary>
    /// <param name="path">The path, without an address.</param>
    /// <param name="names">The path without the number.</param>
    /// <returns>False for any other path.</returns>
    public static bool TryRead(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> names)
    {
        var life = path.IndexOf((byte)'#');
        names = life < 0 ? path : path[..life];
        return (life < 0 || IsNumber(path[(life + 1)..])) && (path.SequenceEqual("/"u8) || AreNames(names));
    }

    private static bool AreNames(ReadOnlySpan<byte> names)
    {
        if (names.IsEmpty || names[0] != (byte)'/')
            return false;
        while (!names.IsEmpty)
        {
            names = names[1..];
            var slash = names.IndexOf((byte)'/');
            var name = slash < 0 ? names : names[..slash];
            if (!IsName(name))
                return false;
            names = names[name.Length..];
        }

        return true;
    }

    /// <summary>Whether a path element is the name of an actor.</summary>
    public static bool IsName(ReadOnlySpan<byte> element) => element is not ([] or [(byte)'.'] or [(byte)'.', (byte)'.']);

    private static bool IsNumber(ReadOnlySpan<byte> text) => Utf8Parser.TryParse(text, out long _, out var length) && length == text.Length;
}
