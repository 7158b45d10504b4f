using System.Net;

namespace Actors.Remoting.Transport;

/// <summary>
/// A large frame of a client or node that has not arrived completely. The members that change belong to <see cref="PartialFrames"/>.
/// </summary>
/// <param name="length">The bytes that the frame announces.</param>
/// <param name="network">The network of its connection.</param>
/// <param name="onRoom">Called when the rest may arrive, if it had to wait.</param>
/// <param name="close">Closes its connection.</param>
public sealed class PartialFrame(int length, IPAddress network, Action onRoom, Action close)
{
    /// <summary>The bytes that the frame announces.</summary>
    public int Length => length;

    /// <summary>The network of its connection.</summary>
    public IPAddress Network => network;

    /// <summary>Called when the rest may arrive, if it had to wait.</summary>
    public Action OnRoom => onRoom;

    /// <summary>Closes its connection.</summary>
    public Action Close => close;

    /// <summary>Whether memory is reserved for it.</summary>
    public bool HasRoom { get; set; }

    /// <summary>The time when the memory was reserved.</summary>
    public long Began { get; set; }
}
