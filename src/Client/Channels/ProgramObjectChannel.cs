using System.Collections.Immutable;
using Actors.Messages.Objects;

namespace Actors.Objects.Durable;

/// <summary>
/// The channel to durable objects in stores of this program: the channel to its other objects, under a name that is the same in every run.
/// </summary>
internal sealed class ProgramObjectChannel(IObjectChannel channel) : ForwardingObjectChannel
{
    /// <inheritdoc/>
    public override string Owner => DurableOwners.Program;

    /// <inheritdoc/>
    public override ImmutableArray<string> Owners => [Owner];

    /// <inheritdoc/>
    protected override IObjectChannel Target => channel;

    /// <inheritdoc/>
    public override IObjectChannel? FindChannel(string owner) => null;
}
