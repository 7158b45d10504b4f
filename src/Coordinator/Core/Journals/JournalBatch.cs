using Actors.Messages;

namespace Actors.Coordinator.Journals;

/// <summary>Collects the content of the next record of a journal, and the actions that wait for it.</summary>
public abstract class JournalBatch
{
    private readonly List<Action> _continuations = [];
    private bool _isFence;

    /// <summary>The approximate size of the record in bytes.</summary>
    public long Size { get; protected set; }

    /// <summary>Whether the batch must be written.</summary>
    public bool NeedsWrite => _isFence || HasContent;

    /// <summary>Whether the batch has content.</summary>
    protected abstract bool HasContent { get; }

    /// <summary>Forces a write, even without content. An earlier owner of the journal cannot write after it.</summary>
    public void AddFence() => _isFence = true;

    /// <summary>Adds an action to run after the record is written.</summary>
    public void AddContinuation(Action action) => _continuations.Add(action);

    /// <summary>Creates the record. The batch takes no more content afterwards.</summary>
    /// <param name="at">The time, in milliseconds since 1970, UTC.</param>
    public abstract IWireMessage ToRecord(long at);

    /// <summary>Runs the actions that wait for the record.</summary>
    public void RunContinuations()
    {
        foreach (var action in _continuations)
            action();
    }
}
