using System.Collections.Immutable;
using Actors.Messages.Objects;

namespace Actors.Runtime;

/// <summary>The ways to durable objects, each of which outlives the coordinator: any leads to all of them, while whoever made it is there. Thread-safe.</summary>
internal sealed class DurableWays
{
    private ImmutableList<IObjectChannel> _ways = [];

    /// <summary>One of them; null while there is none.</summary>
    public IObjectChannel? Any => _ways is [var first, ..] ? first : null;

    /// <summary>There is another.</summary>
    public void Add(IObjectChannel way) => ImmutableInterlocked.Update(ref _ways, static (ways, added) => ways.Add(added), way);

    /// <summary>Whoever made it goes.</summary>
    public void Remove(IObjectChannel way) => ImmutableInterlocked.Update(ref _ways, static (ways, removed) => ways.Remove(removed), way);
}
