namespace Actors.Checkers;

/// <summary>
/// The history of a barrier: no party passes before all parties of its round have arrived, and each has an index of its own. Not
/// thread-safe. The order of the calls is the order of time.
/// </summary>
/// <param name="parties">The number of parties of a round.</param>
public sealed class BarrierHistory(int parties)
{
    private readonly Dictionary<long, int> _arrivals = [];
    private readonly List<HashSet<long>> _rounds = [];
    private readonly List<string> _violations = [];

    /// <summary>The violations so far.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>Records that a party arrives. Call it before the wait.</summary>
    public void RecordArrival(long party) => _arrivals[party] = _arrivals.GetValueOrDefault(party) + 1;

    /// <summary>Records that a party has passed. Call it after the wait.</summary>
    /// <param name="party">The party.</param>
    /// <param name="index">The index of the party in its round, from 0.</param>
    public void RecordPass(long party, long index)
    {
        if (index < 0 || index >= parties)
            _violations.Add($"Party {party} passed with index {index}; there are {parties} parties.");
        // An index is given once in each round.
        var round = _rounds.FindIndex(round => !round.Contains(index));
        if (round < 0)
        {
            round = _rounds.Count;
            _rounds.Add([]);
        }

        _rounds[round].Add(index);
        var arrived = _arrivals.Values.Sum();
        if (arrived < (round + 1) * parties)
            _violations.Add($"Party {party} passed round {round + 1} with index {index} after {arrived} arrivals of {parties} parties.");
    }

    /// <summary>Removes the arrival of a party whose wait failed, timed out or was broken.</summary>
    public void RecordFailure(long party) => _arrivals[party] = _arrivals.GetValueOrDefault(party) - 1;
}
