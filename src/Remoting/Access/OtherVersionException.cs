using Actors.Messages;

namespace Actors.Remoting.Access;

/// <summary>Thrown when a coordinator and this program do not understand each other's version.</summary>
public sealed class OtherVersionException(string message) : Exception(message)
{
    /// <summary>Checks a coordinator's answer.</summary>
    /// <param name="at">The coordinator's address.</param>
    /// <param name="reply">The answer.</param>
    /// <exception cref="OtherVersionException">One of the two does not understand the other.</exception>
    public static void ThrowIfNotUnderstood(HostPort at, CoordinatorProtocol.HandshakeReply reply)
    {
        if (reply.Name.Length == 0 || reply.Version < CoordinatorProtocol.OldestVersion)
        {
            throw new OtherVersionException(
                $"The coordinator at {at} has version {reply.Version}. This program understands versions "
                + $"{CoordinatorProtocol.OldestVersion} to {CoordinatorProtocol.Version}. Use the same release for both.");
        }
    }
}
