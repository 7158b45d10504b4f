using System.Security.Cryptography;

namespace Actors.Remoting.Access;

/// <summary>
/// Creates names for actors that handle messages of other processes. A process that was not told the name cannot address the actor.
/// </summary>
public static class RandomName
{
    private const int Bytes = 16;

    /// <summary>Creates a name with 128 random bits.</summary>
    /// <param name="kind">The kind of actor, for logs.</param>
    public static string NewName(string kind) => $"{kind}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes))}";
}
