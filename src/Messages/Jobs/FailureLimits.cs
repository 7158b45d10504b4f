using System.Collections.Immutable;
using System.Globalization;

namespace Actors.Messages.Jobs;

/// <summary>Limits the size of a failure. A marker in the failure states how much was removed.</summary>
public static class FailureLimits
{
    /// <summary>The longest message, stack trace or data text in characters, including the marker.</summary>
    public const int MaxText = 64 * 1024;

    /// <summary>The deepest chain of inner exceptions.</summary>
    public const int MaxInner = 10;

    /// <summary>The most exceptions of a failure, including those inside of <see cref="AggregateException"/>s.</summary>
    public const int MaxExceptions = 128;

    /// <summary>The most data entries, and the most fields, of one exception.</summary>
    public const int MaxValues = 100;

    /// <summary>The largest field or entry of data in encoded bytes. The longest text fits.</summary>
    public const int LargestValue = 4 * MaxText;

    /// <summary>The largest failure in bytes, including inner exceptions. Several fit into one message between machines.</summary>
    public const int LargestFailure = 2 << 20;

    /// <summary>The key in <see cref="Exception.Data"/> of the parts of the exception that were not sent, one per line.</summary>
    public const string MissingKey = "Actors.Missing";

    private const int SmallestText = 64;
    private const string MarkerStart = "… [";
    private const string MarkerEnd = " more characters were cut]";

    /// <summary>Shortens a text that is too long. A marker at the end states how many characters were removed.</summary>
    public static string? CutText(string? text, int longest = MaxText)
    {
        if (text is null || text.Length <= longest)
            return text;
        var (length, missing) = WithoutMarker(text);
        var kept = longest;
        var marker = "";
        // The marker's own length depends on the number in it.
        for (var i = 0; i < 3; i++)
        {
            marker = string.Create(CultureInfo.InvariantCulture, $"{MarkerStart}{missing + length - kept:N0}{MarkerEnd}");
            kept = Math.Max(0, Math.Min(length, longest - marker.Length));
        }

        if (kept > 0 && char.IsHighSurrogate(text[kept - 1]))
            kept--;
        return string.Concat(text.AsSpan(0, kept), marker);
    }

    /// <summary>Creates the placeholder for inner exceptions that were removed.</summary>
    public static FailureInfo CreateMissing(int count) => new(
        typeof(RemoteException).FullName!, typeof(RemoteException).Assembly.GetName().Name!,
        string.Create(CultureInfo.InvariantCulture, $"[{count:N0} more inner exceptions were cut]"), null, [], null);

    /// <summary>Shortens the texts and removes values of a failure that is too large.</summary>
    public static FailureInfo FitFailure(FailureInfo failure, int largest = LargestFailure)
    {
        for (var longest = MaxText; longest >= SmallestText && WireLimits.SizeOf(failure) > largest; longest /= 2)
            failure = ShrinkTexts(failure, longest);
        return WireLimits.SizeOf(failure) <= largest
            ? failure
            : ShrinkTexts(failure with { Inner = CreateMissing(CountExceptions(failure) - 1), MoreInner = default }, SmallestText);
    }

    private static FailureInfo ShrinkTexts(FailureInfo failure, int longest)
    {
        var most = Math.Max(1, Math.Min(MaxValues, longest / 32));
        var data = failure.Data.IsDefault ? [] : failure.Data;
        // A peer may send null anywhere.
        var values = failure.Values.IsDefault ? [] : failure.Values.RemoveAll(value => value is null);
        var notes = Math.Max(0, data.Length - most) + Math.Max(0, values.Length - most);
        return failure with
        {
            TypeName = CutText(failure.TypeName, Math.Max(longest, 1024)) ?? "",
            AssemblyName = CutText(failure.AssemblyName, Math.Max(longest, 1024)) ?? "",
            Message = CutText(failure.Message, longest) ?? "",
            StackTrace = CutText(failure.StackTrace, longest),
            Data = AddNote(
                [.. data.Take(most).Select(
                    entry => KeyValuePair.Create(CutText(entry.Key, longest)!, CutText(entry.Value, longest)!))], notes),
            Values = [.. values.Take(most).Select(value => ShrinkTexts(value, longest))],
            Inner = failure.Inner is null ? null : ShrinkTexts(failure.Inner, longest),
            MoreInner = failure.MoreInner.IsDefaultOrEmpty
                ? default
                : ShrinkTexts(failure.MoreInner.RemoveAll(more => more is null), longest),
        };
    }

    private static ImmutableArray<FailureInfo> ShrinkTexts(ImmutableArray<FailureInfo> failures, int longest) =>
        failures.Length > MaxExceptions
        ? [.. failures.Take(MaxExceptions).Select(failure => ShrinkTexts(failure, longest)), CreateMissing(
            failures.Skip(MaxExceptions).Sum(CountExceptions))]
        : [.. failures.Select(failure => ShrinkTexts(failure, longest))];

    private static FailureValue ShrinkTexts(FailureValue value, int longest) => value with
    {
        Name = CutText(value.Name, longest)!,
        Type = value.Value.Length > longest ? default : value.Type,
        Value = value.Value.Length > longest ? default : value.Value,
        Text = CutText(value.Text, longest),
    };

    private static ImmutableArray<KeyValuePair<string, string>> AddNote(ImmutableArray<KeyValuePair<string, string>> data, int count) =>
        count == 0
        ? data
        : [.. data.Where(entry => entry.Key != MissingKey), KeyValuePair.Create(MissingKey, CreateNote(data, count))];

    private static string CreateNote(ImmutableArray<KeyValuePair<string, string>> data, int count) => string.Join('\n', data
        .Where(entry => entry.Key == MissingKey).Select(entry => entry.Value)
        .Append(string.Create(CultureInfo.InvariantCulture, $"{count:N0} more entries of Data and fields were cut")));

    private static int CountExceptions(FailureInfo? failure)
    {
        var count = 0;
        for (var next = failure; next is not null; next = next.Inner)
            count += 1 + (next.MoreInner.IsDefaultOrEmpty ? 0 : next.MoreInner.Sum(CountExceptions));
        return count;
    }

    /// <summary>Gets the length of a text without the marker of an earlier cut, and the number of characters in that marker.</summary>
    private static (int Length, int Missing) WithoutMarker(string text)
    {
        if (!text.EndsWith(MarkerEnd, StringComparison.Ordinal))
            return (text.Length, 0);
        var start = text.LastIndexOf(MarkerStart, StringComparison.Ordinal);
        return start >= 0 && int.TryParse(
            text.AsSpan(start + MarkerStart.Length, text.Length - MarkerEnd.Length - start - MarkerStart.Length),
            NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var missing)
            ? (start, missing)
            : (text.Length, 0);
    }
}
