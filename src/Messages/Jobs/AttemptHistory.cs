using System.Collections.Immutable;
using System.Globalization;
using MemoryPack;

namespace Actors.Messages.Jobs;

/// <summary>An attempt of a job that ended with the loss of its worker.</summary>
/// <param name="Node">The name of the worker node.</param>
/// <param name="ProcessId">The process id of the worker; 0 if unknown.</param>
/// <param name="ExitCode">The exit code, or the negative number of a signal; null if unknown.</param>
/// <param name="Reason">How the worker ended, as text.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record AttemptLoss(string Node, int ProcessId, int? ExitCode, string Reason);

/// <summary>
/// Stores the lost attempts of a job as entries of <see cref="FailureInfo.Data"/>, because outcomes without a failure do not need them, and
/// prepares them for the next attempt.
/// </summary>
public static class AttemptHistory
{
    /// <summary>The most attempts that a job is told about: the newest ones.</summary>
    public const int MaxReported = 10;

    private const int MaxTextLength = 200;
    private const string Prefix = "Actors.Attempt.";
    private const char Separator = '\n';

    /// <summary>Limits the attempts that a job is told about, and the lengths of their texts. A peer may send null for them.</summary>
    public static ImmutableArray<AttemptLoss> LimitAttempts(IEnumerable<AttemptLoss> attempts) =>
    [
        .. attempts.OfType<AttemptLoss>().TakeLast(MaxReported).Select(static attempt =>
            attempt with { Node = ShortenText(attempt.Node), Reason = ShortenText(attempt.Reason) }),
    ];

    /// <summary>Converts attempts for users.</summary>
    public static IReadOnlyList<LostAttempt> ToLostAttempts(IEnumerable<AttemptLoss> attempts) =>
        [.. attempts.Select(static attempt => new LostAttempt(attempt.Node, attempt.ProcessId, attempt.ExitCode, attempt.Reason))];

    /// <summary>Adds the attempts to a failure, the first one first.</summary>
    public static FailureInfo AddTo(FailureInfo failure, IEnumerable<AttemptLoss> attempts) => failure with
    {
        Data =
        [
            .. failure.Data,
            .. attempts.Select((attempt, index) => KeyValuePair.Create($"{Prefix}{index + 1}", FormatAttempt(attempt))),
        ],
    };

    /// <summary>Reads the attempts from a failure; empty if it has none.</summary>
    public static ImmutableArray<AttemptLoss> ReadAttempts(FailureInfo? failure) => failure is null || failure.Data.IsDefault
        ? []
        : [.. failure.Data.Where(IsAttempt).Select(entry => ParseAttempt(entry.Value))];

    /// <summary>A peer may send entries without a key or a value.</summary>
    private static bool IsAttempt(KeyValuePair<string, string> entry) =>
        entry is { Key: not null, Value: not null } && entry.Key.StartsWith(Prefix, StringComparison.Ordinal);

    private static string FormatAttempt(AttemptLoss attempt) => string.Join(
        Separator, attempt.ProcessId.ToString(CultureInfo.InvariantCulture), attempt.ExitCode?.ToString(CultureInfo.InvariantCulture),
        attempt.Node, attempt.Reason);

    private static AttemptLoss ParseAttempt(string text)
    {
        var parts = text.Split(Separator, 4);
        return parts.Length < 4
            ? new AttemptLoss("", 0, null, text)
            : new AttemptLoss(parts[2], ParseNumber(parts[0]) ?? 0, ParseNumber(parts[1]), parts[3]);
    }

    private static string ShortenText(string? text) => text is { Length: > MaxTextLength } ? text[..MaxTextLength] : text ?? "";

    private static int? ParseNumber(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
