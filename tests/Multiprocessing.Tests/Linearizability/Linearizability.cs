using System.Numerics;

namespace Actors.Multiprocessing.Tests.Linearizability;

/// <summary>
/// Searches for a sequential order of the operations of a history, each at some moment between its call and its return, in which the
/// model returns the recorded results. Uses the algorithm of Wing and Gong with the cache of Lowe: no pair of a set of operations and
/// the state after them is examined twice.
/// </summary>
internal sealed class Linearizability
{
    private readonly IModel _model;
    private readonly Operation[] _ended;
    private readonly Operation[] _pending;
    private readonly HashSet<Step> _seen = [];
    private readonly Stack<Step> _open = [];
    private Step _furthest;

    private Linearizability(IModel model, IEnumerable<Operation> history)
    {
        _model = model;
        var kinds = history.OrderBy(operation => operation.Invoked).ToLookup(operation => operation.IsPending);
        (_ended, _pending) = ([.. kinds[false]], [.. kinds[true]]);
    }

    /// <summary>Returns the reason why the history is not linearizable; null when it is linearizable.</summary>
    public static string? Refute(IModel model, IEnumerable<Operation> history) => new Linearizability(model, history).Refute();

    private string? Refute()
    {
        Open(new Step(0, BigInteger.Zero, BigInteger.Zero, _model.Initial));
        while (_open.TryPop(out var step))
        {
            if (step.First == _ended.Length)
                return null;
            var until = EarliestReturn(step);
            // Tries ended operations before pending ones, because that nearly always suffices.
            foreach (var (i, operation) in Pending(step, until))
                OpenAll(operation, step with { Pending = step.Pending | (BigInteger.One << i) });
            foreach (var (i, operation) in Ended(step, until))
                OpenAll(operation, step.With(i));
        }

        return Explain();
    }

    private void OpenAll(Operation operation, Step step)
    {
        foreach (var state in _model.After(step.State, operation))
            Open(step with { State = state });
    }

    private void Open(Step step)
    {
        if (!_seen.Add(step))
            return;
        _open.Push(step);
        if (step.First >= _furthest.First)
            _furthest = step;
    }

    /// <summary>Returns the earliest return of the remaining operations. The next operation was called before it.</summary>
    private long EarliestReturn(Step step)
    {
        var earliest = long.MaxValue;
        for (var i = step.First; i < _ended.Length && _ended[i].Invoked <= earliest; i++)
        {
            if (!step.Has(i))
                earliest = Math.Min(earliest, _ended[i].Returned);
        }

        return earliest;
    }

    private IEnumerable<(int Index, Operation Operation)> Ended(Step step, long until)
    {
        for (var i = step.First; i < _ended.Length && _ended[i].Invoked <= until; i++)
        {
            if (!step.Has(i))
                yield return (i, _ended[i]);
        }
    }

    private IEnumerable<(int Index, Operation Operation)> Pending(Step step, long until)
    {
        for (var i = 0; i < _pending.Length && _pending[i].Invoked <= until; i++)
        {
            if ((step.Pending >> i).IsEven)
                yield return (i, _pending[i]);
        }
    }

    private string Explain()
    {
        var until = EarliestReturn(_furthest);
        var next = Ended(_furthest, until).Concat(Pending(_furthest, until)).Select(candidate => candidate.Operation.ToString());
        return $"""
            After {_furthest.First} operations, in the state "{_furthest.State}", none of these can come next:
            {string.Join("\n", next)}
            """;
    }

    /// <summary>A set of applied operations and the state after them.</summary>
    /// <param name="First">The first ended operation that is not applied; all earlier ones are.</param>
    /// <param name="Later">The applied operations after <paramref name="First"/>, as bits.</param>
    /// <param name="Pending">The applied operations without a recorded return, as bits.</param>
    /// <param name="State">The state of the model.</param>
    private readonly record struct Step(int First, BigInteger Later, BigInteger Pending, string State)
    {
        public bool Has(int i) => !(Later >> (i - First)).IsEven;

        public Step With(int i)
        {
            var (first, later) = (First, Later | (BigInteger.One << (i - First)));
            for (; !later.IsEven; later >>= 1)
                first++;
            return this with { First = first, Later = later };
        }
    }
}
