using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Actors.WorkerNode.Frameworks;

/// <summary>A version of a framework, ordered as semantic versions are: 10.0.0-rc.2 is before 10.0.0.</summary>
/// <param name="Number">The major, minor and patch number.</param>
/// <param name="PreRelease">The identifiers of a preview, such as <c>rc.2</c>; empty for a release.</param>
public sealed record FrameworkVersion(Version Number, string PreRelease = "") : IComparable<FrameworkVersion>
{
    /// <summary>Reads a version of three numbers.</summary>
    /// <returns>False if the text is no such version.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out FrameworkVersion? version)
    {
        version = null;
        // The build metadata after a plus sign does not take part in the order.
        var parts = text.Split('+')[0].Split('-', 2);
        if (!Version.TryParse(parts[0], out var number) || number.Build < 0 || number.Revision >= 0)
            return false;
        version = new FrameworkVersion(number, parts.Length == 1 ? "" : parts[1]);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(FrameworkVersion? other)
    {
        if (other is null)
            return 1;
        return Number.CompareTo(other.Number) is var order and not 0 ? order : ComparePreReleases(PreRelease, other.PreRelease);
    }

    /// <inheritdoc/>
    public override string ToString() => PreRelease.Length == 0 ? $"{Number}" : $"{Number}-{PreRelease}";

    private static int ComparePreReleases(string left, string right)
    {
        if (left.Length == 0 || right.Length == 0)
            return right.Length.CompareTo(left.Length);
        var (lefts, rights) = (left.Split('.'), right.Split('.'));
        foreach (var (one, other) in lefts.Zip(rights))
        {
            if (CompareIdentifiers(one, other) is var order and not 0)
                return order;
        }

        return lefts.Length.CompareTo(rights.Length);
    }

    /// <summary>Compares numbers by their value. A number is before a text.</summary>
    private static int CompareIdentifiers(string left, string right) => (ReadNumber(left), ReadNumber(right)) switch
    {
        (int one, int other) => one.CompareTo(other),
        (int, null) => -1,
        (null, int) => 1,
        _ => string.CompareOrdinal(left, right),
    };

    private static int? ReadNumber(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
