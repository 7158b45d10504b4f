namespace Actors.Testing;

/// <summary>The arguments of a submitted call, decoded from the bytes that a worker receives. Immutable.</summary>
public sealed class CallArguments
{
    private readonly IReadOnlyList<object?> _values;

    internal CallArguments(IReadOnlyList<object?> values) => _values = values;

    /// <summary>Gets the number of arguments.</summary>
    public int Count => _values.Count;

    /// <summary>Gets an argument by its position, from 0.</summary>
    public object? this[int index] => _values[index];

    /// <summary>Gets an argument by its position, from 0.</summary>
    /// <typeparam name="T">The type of the parameter.</typeparam>
    /// <exception cref="InvalidCastException">The argument has another type.</exception>
    public T Get<T>(int index) => (T)_values[index]!;

    /// <summary>Returns the arguments in parentheses, such as <c>(7, "paper")</c>.</summary>
    public override string ToString() => $"({string.Join(", ", _values.Select(Format))})";

    private static string Format(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        System.Collections.IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Take(10).Select(Format))}]",
        _ => value.ToString() ?? "",
    };
}
