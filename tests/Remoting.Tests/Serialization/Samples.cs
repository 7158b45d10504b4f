using System.Collections;
using System.Collections.Immutable;
using System.Reflection;

namespace Actors.Remoting.Tests.Serialization;

/// <summary>
/// Creates a value of any contract, with a value in each member and the same in each run, and formats all members of a value.
/// </summary>
internal static class Samples
{
    private const int Deepest = 5;

    public static object Of(Type type)
    {
        var count = 0;
        return Make(type, ref count, 0)!;
    }

    public static string Describe(object? value) => value switch
    {
        null => "null",
        ReadOnlyMemory<byte> bytes => Convert.ToHexString(bytes.Span),
        string or Enum or Guid or UInt128 or decimal => $"{value}",
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Describe))}]",
        _ when value.GetType().IsPrimitive => $"{value}",
        _ => value.GetType().Name + "("
            + string.Join(", ", Members(value.GetType()).Select(member => $"{member.Name}={Describe(member.GetValue(value))}")) + ")",
    };

    private static IEnumerable<PropertyInfo> Members(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetIndexParameters().Length == 0);

    private static object? Make(Type type, ref int count, int depth)
    {
        count++;
        if (Nullable.GetUnderlyingType(type) is { } inner)
            type = inner;
        if (type == typeof(string))
            return $"s{count}é";
        if (type == typeof(Guid))
            return new Guid(count, 2, 3, [4, 5, 6, 7, 8, 9, 10, 11]);
        if (type == typeof(decimal))
            return new decimal(count) / 4;
        if (type == typeof(UInt128))
            return new UInt128(1, (ulong)count);
        if (type == typeof(ReadOnlyMemory<byte>))
            return new ReadOnlyMemory<byte>([1, 2, (byte)count]);
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(1 % Enum.GetValues(type).Length);
        if (type == typeof(bool))
            return true;
        if (type.IsPrimitive)
            return Convert.ChangeType(count, type, System.Globalization.CultureInfo.InvariantCulture);
        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)
            ? MakeArray(type.GetGenericArguments()[0], ref count, depth)
            : MakeObject(type, ref count, depth);
    }

    private static object MakeArray(Type item, ref int count, int depth)
    {
        // Objects below the deepest level are missing, and an array holds no missing ones.
        var made = new List<object>();
        for (var i = 0; i < 2; i++)
        {
            if (Make(item, ref count, depth + 1) is { } one)
                made.Add(one);
        }

        var items = Array.CreateInstance(item, made.Count);
        ((System.Collections.ICollection)made).CopyTo(items, 0);
        var make = typeof(ImmutableArray).GetMethods()
            .Single(method => method is { Name: nameof(ImmutableArray.Create), IsGenericMethod: true }
                && method.GetParameters() is [{ ParameterType.IsArray: true } only]
                    && only.GetCustomAttribute<ParamArrayAttribute>() is not null);
        return make.MakeGenericMethod(item).Invoke(null, [items])!;
    }

    private static object? MakeObject(Type type, ref int count, int depth)
    {
        if (depth > Deepest)
            return null;
        var constructor = type.GetConstructors().Where(made => made.GetParameters() is not [{ } only] || only.ParameterType != type)
            .MaxBy(made => made.GetParameters().Length)!;
        var arguments = new List<object?>();
        foreach (var parameter in constructor.GetParameters())
            arguments.Add(parameter.ParameterType == type && depth > 1 ? null : Make(parameter.ParameterType, ref count, depth + 1));
        return constructor.Invoke([.. arguments]);
    }
}
