using System.Globalization;

namespace Actors.Messages.Jobs;

/// <summary>
/// Stores the map item at which a job failed as an entry of <see cref="FailureInfo.Data"/>. Only failures need this entry, so outcomes have
/// no field for it.
/// </summary>
public static class FailedItem
{
    private const string Key = "Actors.Item";

    /// <summary>Adds the item to a failure.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="item">The number of the item in its chunk, from 1; 0 for none.</param>
    public static FailureInfo AddTo(FailureInfo failure, int item) => item <= 0
        ? failure
        : failure with { Data = [.. failure.Data, KeyValuePair.Create(Key, item.ToString(CultureInfo.InvariantCulture))] };

    /// <summary>Gets the index of the item in its chunk, from 0; null if the failure has none.</summary>
    public static int? FindIndex(FailureInfo? failure) =>
        failure is { Data.IsDefault: false }
        && failure.Data.LastOrDefault(entry => entry.Key == Key).Value is { } text
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var item) && item > 0
            ? item - 1
            : null;
}
