namespace Actors.Coordinator.Journals;

/// <summary>The journals of one store that this program has reserved. Not thread-safe.</summary>
/// <param name="store">The text of the store.</param>
/// <param name="kind">The kind of the durable things, for messages.</param>
public sealed class JournalReservations(string store, string kind) : IDisposable
{
    private readonly Dictionary<string, JournalReservation> _reserved = [];

    /// <summary>The reason to refuse a journal that another program has reserved.</summary>
    public string Refusal =>
        $"The durable {kind} is open in another program on this machine. Without a coordinator, one program at a time can use it. End that "
        + "program, or start a coordinator with this store and connect both programs to it.";

    /// <summary>Reserves a journal.</summary>
    /// <returns>False if another program has reserved it.</returns>
    public bool TryReserve(string journal)
    {
        if (_reserved.ContainsKey(journal))
            return true;
        if (JournalReservation.TryCreate(store, journal) is not { } reservation)
            return false;
        _reserved.Add(journal, reservation);
        return true;
    }

    /// <summary>Releases a journal to which this program writes nothing more.</summary>
    public void Release(string journal)
    {
        if (_reserved.Remove(journal, out var reservation))
            reservation.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var reservation in _reserved.Values)
            reservation.Dispose();
        _reserved.Clear();
    }
}
