using Actors.Messages;

namespace Actors.Coordinator.Journals;

/// <summary>What goes into the next record of a journal, and what waits for it to be written.</summary>
internal abstract class JournalBatch
{
    private readonly List<Action> _continuations = [];
    private bool _isFence;

    /// <summary>About how large the record is, in bytes.</summary>
    public long Size { get; protected set; }

    /// <summary>There is something to write.</summary>
    public bool NeedsWrite => _isFence || HasContent;

    /// <summary>Something was noted.</summary>
    protected abstract bool HasContent { get; }

    /// <summary>Writes even if there is nothing else: nobody who had the journal before can write after it.</summary>
    public void AddFence() => _isFence = true;

    /// <summary>To be done when the record is written.</summary>
    public void AddContinuation(Action action) => _continuations.Add(action);

    /// <summary>The record; nothing more is noted here.</summary>
    /// <param name="at">When, in milliseconds since 1970, UTC.</param>
    public abstract IWireMessage ToRecord(long at);

    /// <summary>It is written.</summary>
    public void RunContinuations()
    {
        foreach (var action in _continuations)
            action();
    }
}
