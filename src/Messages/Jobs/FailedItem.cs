using System.Globalization;

namespace Actors.Messages.Jobs;

/// <summary>
/// The item of a map's chunk that was running when its job failed as a whole, as an entry of <see cref="FailureInfo.Data"/>, so that only failures
/// carry it.
/// </summary>
internal static class FailedItem
{
    private const string Key = "Actors.Item";

    /// <summary>The failure with the item.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="item">The item in its chunk, counted from 1; 0 for none.</param>
    internal static FailureInfo AddTo(FailureInfo failure, int item) => item <= 0
        ? failure
        : failure with { Data = [.. failure.Data, KeyValuePair.Create(Key, item.ToString(CultureInfo.InvariantCulture))] };

    /// <summary>The index of the item in its chunk, from 0; null where a failure carries none.</summary>
    internal static int? FindIndex(FailureInfo? failure) =>
        failure is { Data.IsDefault: false }
        && failure.Data.LastOrDefault(entry => entry.Key == Key).Value is { } text
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var item) && item > 0
            ? item - 1
            : null;
}
