using System.Collections.Immutable;
using Actors.Messages.Objects;

namespace Actors.Runtime;

/// <summary>
/// The channels to durable objects of a cluster. Each reaches all of these objects and outlives the coordinator, while the manager that
/// added it exists. Thread-safe.
/// </summary>
internal sealed class DurableChannels
{
    private ImmutableList<IObjectChannel> _channels = [];

    /// <summary>A channel; null while none exists.</summary>
    public IObjectChannel? First => _channels is [var first, ..] ? first : null;

    /// <summary>Adds a channel.</summary>
    public void AddChannel(IObjectChannel way) => ImmutableInterlocked.Update(ref _channels, static (ways, added) => ways.Add(added), way);

    /// <summary>Removes the channel of a disposed manager.</summary>
    public void RemoveChannel(IObjectChannel way) =>
        ImmutableInterlocked.Update(ref _channels, static (ways, removed) => ways.Remove(removed), way);
}
