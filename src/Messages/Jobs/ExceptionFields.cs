using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using Actors.Messages.Values;

namespace Actors.Messages.Jobs;

/// <summary>
/// Reads and sets the fields of exceptions, including private and inherited ones, if their values can be carried.
/// </summary>
public static class ExceptionFields
{
    private const int DefaultHResult = unchecked((int)0x80131500);

    private static readonly ConcurrentDictionary<Type, FieldInfo[]> Known = new();

    private static readonly FieldInfo Message = GetBaseField("_message");
    private static readonly FieldInfo HResult = GetBaseField("_HResult");
    private static readonly FieldInfo Help = GetBaseField("_helpURL");
    private static readonly FieldInfo Source = GetBaseField("_source");

    /// <summary>Reads the fields of an exception.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="message">The message of the exception, which a class may compose from its fields.</param>
    /// <param name="missing">Receives a line for each field that cannot be carried.</param>
    public static IEnumerable<FailureValue> ReadFields(Exception exception, string message, List<string> missing)
    {
        foreach (var value in ReadBaseFields(exception, message))
            yield return value;
        var fields = Known.GetOrAdd(exception.GetType(), FindFields);
        foreach (var field in fields.Take(FailureLimits.MaxValues))
        {
            var content = field.GetValue(exception);
            if (FailureValues.EncodeValue(field.DeclaringType!.FullName!, field.Name, content, field.FieldType) is { } value)
                yield return value;
            else
                missing.Add($"{GetName(field)}: a {TypeNames.GetFullName(content!.GetType())} that cannot be carried to another process");
        }

        if (fields.Length > FailureLimits.MaxValues)
            missing.Add($"{fields.Length - FailureLimits.MaxValues} more fields");
    }

    /// <summary>Whether a field of a class was not sent. Fields that were too large count as sent.</summary>
    public static bool LacksFields(Type exception, IEnumerable<FailureValue> values)
    {
        var sent = values.Select(value => (value.Owner, value.Name)).ToHashSet();
        return Known.GetOrAdd(exception, FindFields).Any(field => !sent.Contains((field.DeclaringType!.FullName!, field.Name)));
    }

    /// <summary>Sets the received fields, except those that were too large to be sent.</summary>
    /// <returns>A line for each one of another type than its field.</returns>
    public static ImmutableArray<string> SetFields(Exception exception, IEnumerable<FailureValue> values)
    {
        var missing = ImmutableArray.CreateBuilder<string>();
        foreach (var value in values)
        {
            if (FindField(exception.GetType(), value) is not { } field)
                continue;
            if (FailureValues.IsCut(value))
                SetText(field, exception, value.Text);
            else if (FailureValues.TryRead(value, out var read) && CanHold(field.FieldType, read))
                field.SetValue(exception, read);
            else
                missing.Add($"{GetName(field)}: the value is of a type that this process does not have in the same form");
        }

        return missing.DrainToImmutable();
    }

    /// <summary>Reads the values by the names of their fields or properties, for an exception whose type cannot be created.</summary>
    public static IReadOnlyDictionary<string, object?> ReadByName(IEnumerable<FailureValue> values)
    {
        var named = new Dictionary<string, object?>();
        // Values of base classes come first and are replaced by those of derived classes.
        foreach (var value in values.Where(value => value.Owner != typeof(Exception).FullName))
        {
            FailureValues.TryRead(value, out var read);
            named[TypeNames.GetMemberName(value.Name)] = read;
        }

        return named;
    }

    private static IEnumerable<FailureValue> ReadBaseFields(Exception exception, string message)
    {
        if (exception.HResult != DefaultHResult)
            yield return ReadField(HResult, exception);
        if (Message.GetValue(exception) is string own && own != message)
            yield return ReadField(Message, exception);
        if (Help.GetValue(exception) is not null)
            yield return ReadField(Help, exception);
        if (Source.GetValue(exception) is not null)
            yield return ReadField(Source, exception);
    }

    private static FailureValue ReadField(FieldInfo field, Exception exception) =>
        FailureValues.EncodeValue(typeof(Exception).FullName!, field.Name, field.GetValue(exception), field.FieldType)!;

    private static FieldInfo[] FindFields(Type exception)
    {
        IEnumerable<FieldInfo> fields = [];
        for (var level = exception; level is not null && level != typeof(Exception); level = level.BaseType)
        {
            // The content of an AggregateException is sent as inner exceptions.
            if (level != typeof(AggregateException))
                fields = ReflectedFields.GetDeclaredFields(level).Concat(fields);
        }

        return [.. fields];
    }

    private static FieldInfo? FindField(Type exception, FailureValue value)
    {
        if (value.Owner == typeof(Exception).FullName)
            return new[] { HResult, Message, Help, Source }.FirstOrDefault(field => field.Name == value.Name);
        return Known.GetOrAdd(exception, FindFields).FirstOrDefault(
            field => field.Name == value.Name && field.DeclaringType!.FullName == value.Owner);
    }

    // The text of a long string ends with a marker; the text of another value is not the value.
    private static void SetText(FieldInfo field, Exception exception, string? text)
    {
        if (field.FieldType == typeof(string))
            field.SetValue(exception, text);
    }

    private static bool CanHold(Type type, object? value) => value is null
        ? !type.IsValueType || Nullable.GetUnderlyingType(type) is not null
        : type.IsInstanceOfType(value);

    private static string GetName(FieldInfo field) =>
        $"{TypeNames.GetShortName(field.DeclaringType!)}.{TypeNames.GetMemberName(field.Name)}";

    private static FieldInfo GetBaseField(string name) =>
        typeof(Exception).GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)
        ?? throw new MissingFieldException(nameof(Exception), name);
}
