using System.Reflection;
using Akka.Actor;

namespace Actors.Remoting.Transport;

/// <summary>
/// The message that makes an actor forget the watches of the program at an address, which has ended. The framework sends it only for an
/// address that this program watches too, and its type is internal (<c>LinkContextTests</c>).
/// </summary>
internal static class AddressEnd
{
    private static readonly Type MessageType = typeof(Address).Assembly.GetType("Akka.Actor.AddressTerminated", throwOnError: true)!;

    /// <summary>Creates the message.</summary>
    public static object CreateMessage(Address address) => Activator.CreateInstance(
        MessageType, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null, [address], null)!;
}
