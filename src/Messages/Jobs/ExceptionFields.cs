using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using Actors.Messages.Values;

namespace Actors.Messages.Jobs;

/// <summary>
/// The fields of exceptions: those that the exception's own classes declare, private and inherited ones too, and those of the framework's classes, as far as
/// their values can be carried.
/// </summary>
internal static class ExceptionFields
{
    private const int DefaultHResult = unchecked((int)0x80131500);

    private static readonly ConcurrentDictionary<Type, FieldInfo[]> Known = new();

    private static readonly FieldInfo Message = FieldOfException("_message");
    private static readonly FieldInfo HResult = FieldOfException("_HResult");
    private static readonly FieldInfo Help = FieldOfException("_helpURL");
    private static readonly FieldInfo Source = FieldOfException("_source");

    /// <summary>The fields of an exception, with their values.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="message">Its message, which a class may have composed of its fields.</param>
    /// <param name="missing">Gets a line for each field of the user's that does not travel.</param>
    internal static IEnumerable<FailureValue> Read(Exception exception, string message, List<string> missing)
    {
        foreach (var value in ReadOwn(exception, message))
            yield return value;
        var fields = Known.GetOrAdd(exception.GetType(), Find);
        foreach (var field in fields.Take(FailureLimits.MaxValues))
        {
            var value = FailureValues.Of(field.DeclaringType!.FullName!, field.Name, field.GetValue(exception), field.FieldType, out var isCarried);
            if (isCarried)
                yield return value;
            else if (!FrameworkAssemblies.Holds(field.DeclaringType))
                missing.Add($"{NameOf(field)}: a {TypeNames.Of(field.GetValue(exception)!.GetType())} that cannot be carried to another process");
        }

        if (fields.Length > FailureLimits.MaxValues)
            missing.Add($"{fields.Length - FailureLimits.MaxValues} more fields");
    }

    /// <summary>Sets the fields that traveled.</summary>
    /// <returns>A line for each one that could not be set.</returns>
    internal static ImmutableArray<string> Write(Exception exception, IEnumerable<FailureValue> values)
    {
        var missing = ImmutableArray.CreateBuilder<string>();
        foreach (var value in values)
        {
            if (FieldOf(exception.GetType(), value) is not { } field)
                continue;
            if (FailureValues.TryRead(value, out var read) && CanHold(field.FieldType, read))
                field.SetValue(exception, read);
            else
                missing.Add($"{NameOf(field)}: the value is of a type that this process does not have in the same form");
        }

        return missing.DrainToImmutable();
    }

    /// <summary>The values by the names of their fields and properties, for an exception whose type cannot be made.</summary>
    internal static IReadOnlyDictionary<string, object?> ByName(IEnumerable<FailureValue> values)
    {
        var named = new Dictionary<string, object?>();
        // Those of base classes come first, and give way.
        foreach (var value in values.Where(value => value.Owner != typeof(Exception).FullName))
        {
            FailureValues.TryRead(value, out var read);
            named[TypeNames.OfField(value.Name)] = read;
        }

        return named;
    }

    private static IEnumerable<FailureValue> ReadOwn(Exception exception, string message)
    {
        if (exception.HResult != DefaultHResult)
            yield return Of(HResult, exception);
        if (Message.GetValue(exception) is string own && own != message)
            yield return Of(Message, exception);
        if (Help.GetValue(exception) is not null)
            yield return Of(Help, exception);
        if (Source.GetValue(exception) is not null)
            yield return Of(Source, exception);
    }

    private static FailureValue Of(FieldInfo field, Exception exception) =>
        FailureValues.Of(typeof(Exception).FullName!, field.Name, field.GetValue(exception), field.FieldType, out _);

    private static FieldInfo[] Find(Type exception)
    {
        IEnumerable<FieldInfo> fields = [];
        for (var level = exception; level is not null && level != typeof(Exception); level = level.BaseType)
        {
            // What an AggregateException holds travels as inner exceptions.
            if (level != typeof(AggregateException))
                fields = ReflectedFields.DeclaredBy(level).Concat(fields);
        }

        return [.. fields];
    }

    private static FieldInfo? FieldOf(Type exception, FailureValue value)
    {
        if (value.Owner == typeof(Exception).FullName)
            return new[] { HResult, Message, Help, Source }.FirstOrDefault(field => field.Name == value.Name);
        return Known.GetOrAdd(exception, Find).FirstOrDefault(field => field.Name == value.Name && field.DeclaringType!.FullName == value.Owner);
    }

    private static bool CanHold(Type type, object? value) => value is null
        ? !type.IsValueType || Nullable.GetUnderlyingType(type) is not null
        : type.IsInstanceOfType(value);

    private static string NameOf(FieldInfo field) => $"{TypeNames.Short(field.DeclaringType!)}.{TypeNames.OfField(field.Name)}";

    private static FieldInfo FieldOfException(string name) =>
        typeof(Exception).GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)
        ?? throw new MissingFieldException(nameof(Exception), name);
}
