using System.Collections;

namespace Actors.Checkers;

/// <summary>One search. It takes operations off a list of begins and ends, and puts them back where it comes to a dead end.</summary>
internal sealed class LinearizationSearch<TState, TInput, TOutput>
    where TState : IEquatable<TState>
{
    private readonly IReadOnlyList<HistoryOperation<TInput, TOutput>> _history;
    private readonly ISequentialModel<TState, TInput, TOutput> _model;
    private readonly Entry _head;
    private readonly BitArray _linearized;
    private readonly HashSet<(string Linearized, TState State)> _visited = [];
    private readonly Stack<(Entry Begin, TState Before)> _order = new();
    private List<int> _longest = [];

    public LinearizationSearch(
        IReadOnlyList<HistoryOperation<TInput, TOutput>> history, ISequentialModel<TState, TInput, TOutput> model)
    {
        (_history, _model) = (history, model);
        _linearized = new BitArray(history.Count);
        _head = CreateEntries(history);
    }

    public bool TryLinearize()
    {
        var state = _model.InitialState;
        var entry = _head.Next;
        while (entry is not null)
        {
            if (entry.IsBegin && TryApply(entry.Operation, state, out var next) && TryVisit(entry.Operation, next))
            {
                _order.Push((entry, state));
                state = next;
                entry.RemoveOperation();
                entry = _head.Next;
            }
            else if (entry is { IsBegin: true, Next: not null })
            {
                entry = entry.Next;
            }
            else if (IsRestUnknown())
            {
                return true;
            }
            else if (!TryStepBack(ref entry, ref state))
            {
                return false;
            }
        }

        return true;
    }

    public string DescribeFailure()
    {
        var done = _longest.ToHashSet();
        var rest = Enumerable.Range(0, _history.Count).Where(index => !done.Contains(index)).Take(8);
        return $"no order of the {_history.Count} operations explains their results. The longest explained order is "
            + $"[{string.Join("; ", _longest.TakeLast(12).Select(DescribeOperation))}]; not explained: "
            + $"[{string.Join("; ", rest.Select(DescribeOperation))}].";
    }

    private string DescribeOperation(int index)
    {
        var operation = _history[index];
        var end = operation.ReturnedAt is { } at ? $"..{at} -> {operation.Output}" : "..unknown";
        return $"process {operation.Process} {operation.Input} at {operation.InvokedAt}{end}";
    }

    private static Entry CreateEntries(IReadOnlyList<HistoryOperation<TInput, TOutput>> history)
    {
        var entries = new List<(long Time, bool IsEnd, Entry Entry)>();
        for (var i = 0; i < history.Count; i++)
        {
            var end = history[i].ReturnedAt is null ? null : new Entry(i, null);
            entries.Add((history[i].InvokedAt, false, new Entry(i, end) { IsBegin = true }));
            if (end is not null)
                entries.Add((history[i].ReturnedAt!.Value, true, end));
        }

        // At one time, begins come first: such operations are concurrent.
        var head = new Entry(-1, null);
        var last = head;
        foreach (var (_, _, entry) in entries.OrderBy(entry => entry.Time).ThenBy(entry => entry.IsEnd))
        {
            (last.Next, entry.Previous) = (entry, last);
            last = entry;
        }

        return head;
    }

    private bool TryApply(int index, TState state, out TState next)
    {
        (next, var output) = _model.ApplyOperation(state, _history[index].Input);
        return _history[index].ReturnedAt is null || EqualityComparer<TOutput>.Default.Equals(output, _history[index].Output!);
    }

    private bool TryVisit(int index, TState next)
    {
        _linearized[index] = true;
        if (_visited.Add((CreateKey(), next)))
            return true;
        _linearized[index] = false;
        return false;
    }

    private string CreateKey()
    {
        var words = new int[(_linearized.Length + 31) / 32];
        _linearized.CopyTo(words, 0);
        return string.Create(words.Length * 2, words, static (text, words) =>
        {
            for (var i = 0; i < words.Length; i++)
                (text[2 * i], text[2 * i + 1]) = ((char)(words[i] & 0xFFFF), (char)((uint)words[i] >> 16));
        });
    }

    /// <summary>Whether only operations of unknown outcome remain: they need not have taken effect.</summary>
    private bool IsRestUnknown()
    {
        for (var entry = _head.Next; entry is not null; entry = entry.Next)
        {
            if (_history[entry.Operation].ReturnedAt is not null)
                return false;
        }

        return true;
    }

    private bool TryStepBack(ref Entry? entry, ref TState state)
    {
        if (_order.Count > _longest.Count)
            _longest = [.. _order.Reverse().Select(step => step.Begin.Operation)];
        while (_order.TryPop(out var step))
        {
            step.Begin.RestoreOperation();
            _linearized[step.Begin.Operation] = false;
            state = step.Before;
            entry = step.Begin.Next;
            if (entry is not null)
                return true;
        }

        return false;
    }

    /// <summary>The begin or the end of an operation in the doubly linked list.</summary>
    private sealed class Entry(int operation, Entry? end)
    {
        public int Operation => operation;

        public bool IsBegin { get; init; }

        public Entry? Next { get; set; }

        public Entry? Previous { get; set; }

        public void RemoveOperation()
        {
            Unlink();
            end?.Unlink();
        }

        public void RestoreOperation()
        {
            end?.Link();
            Link();
        }

        private void Unlink()
        {
            Previous!.Next = Next;
            if (Next is not null)
                Next.Previous = Previous;
        }

        private void Link()
        {
            Previous!.Next = this;
            if (Next is not null)
                Next.Previous = this;
        }
    }
}
