using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Durable;

/// <summary>Describes the queue to operators while it is loaded.</summary>
public sealed partial class DurableObjectActor
{
    /// <inheritdoc/>
    protected override void PreStart()
    {
        UpdateKept();
        LoadedQueues.Of(Context.System).AddQueue(Self);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        LoadedQueues.Of(Context.System).RemoveQueue(Self);
        _kept.Dispose();
    }

    /// <summary>Answers with the figures. A queue that is not read, or does not exist, has no name.</summary>
    private void AnswerDescription()
    {
        var (name, figures) = (_isRead ? _state.Spec?.Name : null, _state.Figures);
        Sender.Tell(new ObjectInfo(
            _id, ObjectKind.Queue, WireLimits.CutName(name ?? ""), figures.Count, figures.Capacity, figures.Waiting, figures.WaitingPuts,
            Holder: "", IsDurable: true), Self);
    }
}
