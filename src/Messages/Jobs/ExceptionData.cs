using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using Actors.Messages.Values;

namespace Actors.Messages.Jobs;

/// <summary>Converts the entries of <see cref="Exception.Data"/> to text, and to values with their types where possible.</summary>
public static class ExceptionData
{
    private const int LongestPlace = 200;

    /// <summary>Reads the entries with string keys as text. Values that are not strings are also added to the values.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="values">Receives the entries with their types.</param>
    /// <param name="missing">Receives a line for each entry that cannot be carried.</param>
    public static ImmutableArray<KeyValuePair<string, string>> ReadEntries(
        Exception exception, ImmutableArray<FailureValue>.Builder values, List<string> missing)
    {
        var data = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        var count = 0;
        foreach (DictionaryEntry entry in exception.Data)
        {
            if (entry.Key is FailureLimits.MissingKey)
                missing.Insert(0, entry.Value as string ?? "");
            else if (++count > FailureLimits.MaxValues)
                continue;
            else if (entry.Key is string key)
                data.Add(KeyValuePair.Create(FailureLimits.CutText(key)!, ReadText(key, entry.Value, values, missing)));
            else if (FailureValues.EncodeValue(FailureValues.PairOwner, "", CreatePair(entry)) is { } pair)
                values.Add(pair);
            else
                missing.Add($"Data[{FailureValues.FormatText(entry.Key)}]: its key or value cannot be carried to another process");
        }

        if (count > FailureLimits.MaxValues)
            missing.Add($"{count - FailureLimits.MaxValues} more entries of Data");
        return data.ToImmutable();
    }

    /// <summary>Adds the received entries to the data of an exception.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="failure">The received failure.</param>
    /// <param name="missing">A line for each field that could not be set.</param>
    public static bool WriteEntries(Exception exception, FailureInfo failure, ImmutableArray<string> missing)
    {
        foreach (var (key, value) in failure.Data.IsDefault ? [] : failure.Data)
            exception.Data[key] = value;
        foreach (var value in failure.Values.IsDefault ? [] : failure.Values.RemoveAll(value => value is null))
        {
            if (value.Owner == FailureValues.DataOwner && FailureValues.TryRead(value, out var read))
                exception.Data[value.Name] = read;
            else if (value.Owner == FailureValues.PairOwner && FailureValues.TryRead(value, out read) && read is not null)
                AddPair(exception, read);
        }

        string[] lines = [.. missing, .. DescribeCutValues(failure)];
        if (lines.Length > 0)
        {
            var before = exception.Data[FailureLimits.MissingKey] as string;
            exception.Data[FailureLimits.MissingKey] = string.Join('\n', before is null ? lines : [before, .. lines]);
        }

        return true;
    }

    /// <summary>Gets the values of fields, without those of data entries.</summary>
    public static IEnumerable<FailureValue> GetFields(FailureInfo failure) => failure.Values.IsDefault
        ? []
        : failure.Values.Where(value => value?.Owner is not (null or FailureValues.DataOwner or FailureValues.PairOwner
            or FailureValues.TypeOwner));

    private static string ReadText(string key, object? value, ImmutableArray<FailureValue>.Builder values, List<string> missing)
    {
        if (value is string text)
            return FailureLimits.CutText(text)!;
        if (FailureValues.EncodeValue(FailureValues.DataOwner, key, value) is { } typed)
        {
            values.Add(typed);
            return typed.Text ?? "";
        }

        missing.Add(
            $"Data[{key}]: a {TypeNames.GetFullName(value!.GetType())} that cannot be carried to another process; its text is here");
        return FailureLimits.CutText(FailureValues.FormatText(value))!;
    }

    private static IEnumerable<string> DescribeCutValues(FailureInfo failure) => failure.Values.IsDefault
        ? []
        : failure.Values.Where(value => value is not null && FailureValues.IsCut(value)).Select(value => string.Create(
            CultureInfo.InvariantCulture,
            $"{DescribePlace(value)}: too large; a value may have {FailureLimits.LargestValue:N0} encoded bytes, "
            + $"an exception {FailureLimits.LargestFailure:N0}"));

    private static string DescribePlace(FailureValue value) => value.Owner switch
    {
        FailureValues.DataOwner => $"Data[{value.Name}], which is text here",
        FailureValues.PairOwner => $"Data, the entry {FailureLimits.CutText(value.Text, LongestPlace)}",
        _ => $"{value.Owner[(value.Owner.LastIndexOfAny(['.', '+']) + 1)..]}.{TypeNames.GetMemberName(value.Name)}",
    };

    private static object CreatePair(DictionaryEntry entry) => Activator.CreateInstance(
        typeof(KeyValuePair<,>).MakeGenericType(entry.Key.GetType(), entry.Value?.GetType() ?? typeof(string)), entry.Key, entry.Value)!;

    private static void AddPair(Exception exception, object pair)
    {
        var type = pair.GetType();
        exception.Data[type.GetProperty("Key")!.GetValue(pair)!] = type.GetProperty("Value")!.GetValue(pair);
    }
}
