using System.Security.Cryptography;

namespace Actors.Remoting.Access;

/// <summary>Names of actors that act on messages from other processes: a peer that was not told the name cannot address the actor.</summary>
internal static class RandomName
{
    private const int Bytes = 16;

    /// <summary>A name with 128 random bits.</summary>
    /// <param name="kind">What the actor is, for people.</param>
    public static string NewName(string kind) => $"{kind}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes))}";
}
