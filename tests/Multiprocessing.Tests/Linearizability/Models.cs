using System.Globalization;

namespace Actors.Multiprocessing.Tests.Linearizability;

/// <summary>
/// A queue. Its state is its items in the order of Put. An item that a killed client may have taken is marked with that client, and
/// returns to its position after the client's death.
/// </summary>
/// <param name="next">Selects the next item.</param>
/// <param name="capacity">The capacity of the queue.</param>
internal sealed class QueueModel(Func<IReadOnlyList<string>, string> next, int capacity = int.MaxValue) : IModel
{
    public static readonly Func<IReadOnlyList<string>, string> Oldest = items => items[0];
    public static readonly Func<IReadOnlyList<string>, string> Newest = items => items[^1];
    public static readonly Func<IReadOnlyList<string>, string> Least = items =>
        items.MinBy(item => int.Parse(item, CultureInfo.InvariantCulture))!;

    public string Initial => "";

    public IEnumerable<string> After(string state, Operation operation)
    {
        var all = state.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var free = all.Where(item => !item.Contains('*', StringComparison.Ordinal)).ToArray();
        var isPending = operation.IsPending;
        switch (operation.Name)
        {
            case "put" when free.Length < capacity && operation.Result is null or "done":
                return [string.Join(' ',
                [.. all, operation.Argument])];
            case "put" when free.Length >= capacity && operation.Result == "full": return [state];
            case "get" when free.Length == 0: return operation.Result is null or "empty" ? [state] : [];
            case "get" when isPending:
                return [Replace(
                all, next(free), $"{next(free)}*{operation.Client}"), Replace(all, next(free), null)];
            case "get" when next(free) == operation.Result: return [Replace(all, next(free), null)];
            case "count" when isPending || operation.Result == Text(free.Length): return [state];
            case Operation.Death: return [state.Replace($"*{operation.Client}", "", StringComparison.Ordinal)];
            default: return [];
        }
    }

    private static string Replace(IEnumerable<string> items, string item, string? by) =>
        string.Join(' ', items.Select(each => each == item ? by : each).OfType<string>());

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A value that is read, set, and compared and set ("expected next"). Its state is the value.</summary>
internal sealed class ValueModel(string initial) : IModel
{
    public string Initial => initial;

    public IEnumerable<string> After(string state, Operation operation)
    {
        var words = operation.Argument.Split(' ');
        return operation.Name switch
        {
            "get" when operation.Result is null || operation.Result == state => [state],
            "set" => [operation.Argument],
            "replace" when operation.Result is null or "True" && words[0] == state => [words[1]],
            "replace" when operation.Result is null or "False" && words[0] != state => [state],
            Operation.Death => [state],
            _ => [],
        };
    }
}

/// <summary>A dictionary of a few keys. Its state is its pairs in the order of the keys.</summary>
internal sealed class DictionaryModel : IModel
{
    public string Initial => "";

    public IEnumerable<string> After(string state, Operation operation)
    {
        var pairs = new SortedDictionary<string, string>(
            state.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToDictionary(pair => pair.Split('=')[0], pair => pair.Split('=')[1]),
            StringComparer.Ordinal);
        var words = operation.Argument.Split(' ');
        if (operation.Name != Operation.Death && Answer(pairs, operation.Name, words) != operation.Result && !operation.IsPending)
            return [];
        return [string.Join(' ', pairs.Select(pair => $"{pair.Key}={pair.Value}"))];
    }

    private static string Answer(SortedDictionary<string, string> pairs, string name, string[] words)
    {
        var before = pairs.GetValueOrDefault(words[0]);
        switch (name)
        {
            case "get": return before ?? "none";
            case "count": return pairs.Count.ToString(CultureInfo.InvariantCulture);
            case "set": pairs[words[0]] = words[1]; return "done";
            case "add": return pairs.TryAdd(words[0], words[1]).ToString();
            case "take": pairs.Remove(words[0]); return before ?? "none";
            case "replace" when before == words[1]: pairs[words[0]] = words[2]; return "True";
            case "replace": return "False";
            default: throw new ArgumentException(name, nameof(name));
        }
    }
}

/// <summary>A list of numbers that are removed at its end. Its state is its items.</summary>
internal sealed class ListModel : IModel
{
    public string Initial => "";

    public IEnumerable<string> After(string state, Operation operation)
    {
        var items = state.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        if (operation.Name != Operation.Death && Answer(items, operation) != operation.Result && !operation.IsPending)
            return [];
        return [string.Join(' ', items)];
    }

    private static string Answer(List<string> items, Operation operation)
    {
        switch (operation.Name)
        {
            case "add": items.Add(operation.Argument); return "done";
            case "insert": items.Insert(0, operation.Argument); return "done";
            case "first": return items.Count == 0 ? "none" : items[0];
            case "count": return items.Count.ToString(CultureInfo.InvariantCulture);
            case "remove": return items.Remove(operation.Argument).ToString();
            case "all": return string.Join(',', items);
            default: throw new ArgumentException(operation.Name, nameof(operation));
        }
    }
}

/// <summary>
/// A lock. Its state is the last fencing token and its holder. Tokens increase. The lock of a killed client is released some time after
/// the client's death.
/// </summary>
internal sealed class LockModel : IModel
{
    public string Initial => "0";

    public IEnumerable<string> After(string state, Operation operation)
    {
        var words = state.Split(' ');
        var (token, holder) = (long.Parse(words[0], CultureInfo.InvariantCulture), words.ElementAtOrDefault(1));
        var client = operation.Client.ToString(CultureInfo.InvariantCulture);
        return operation.Name switch
        {
            "acquire" when operation.Result == "taken" => holder is null ? [] : [state],
            "acquire" when operation.IsPending => holder is null ? [$"{token} {client}"] : [state],
            "acquire" when holder is null && long.Parse(
                operation.Result!, CultureInfo.InvariantCulture) is var given && given > token => [$"{given} {client}"],
            "release" when holder == client => [words[0]],
            Operation.Death => [holder == client ? words[0] : state],
            _ => [],
        };
    }
}

/// <summary>A semaphore. Its state is the holders of its permits.</summary>
internal sealed class SemaphoreModel(int permits) : IModel
{
    public string Initial => "";

    public IEnumerable<string> After(string state, Operation operation)
    {
        var holders = state.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        var client = operation.Client.ToString(CultureInfo.InvariantCulture);
        return operation.Name switch
        {
            "acquire" when operation.Result is null or "held" && holders.Count < permits => [string.Join(' ',
                holders.Append(client).Order())],
            "acquire" when operation.Result is null or "none" && holders.Count == permits => [state],
            "release" when holders.Remove(client) => [string.Join(' ', holders)],
            Operation.Death => [string.Join(' ', holders.Where(holder => holder != client))],
            _ => [],
        };
    }
}
