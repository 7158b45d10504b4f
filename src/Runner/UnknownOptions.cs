using System.CommandLine;
using System.CommandLine.Parsing;

namespace Actors.Runner;

/// <summary>Finds misspelled options. The parser takes them for arguments of the method.</summary>
internal static class UnknownOptions
{
    private const string Prefix = "--";

    /// <summary>Describes the first argument that looks like an option; null if there is none.</summary>
    /// <param name="parsed">The command line. Arguments after <c>--</c> are no options.</param>
    /// <param name="arguments">The arguments of the method.</param>
    public static string? FindError(ParseResult parsed, IEnumerable<string> arguments)
    {
        var texts = parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).Select(token => token.Value);
        var unknown = texts.Intersect(arguments).FirstOrDefault(text => text.StartsWith(Prefix, StringComparison.Ordinal));
        if (unknown is null)
            return null;
        var nearest = NearestNames.OrderByDistance(parsed.CommandResult.Command.Options, option => option.Name, unknown).First();
        return $"Unknown option {unknown}. Did you mean {nearest.Name}? Write {Prefix} before arguments of the method that begin with "
            + $"{Prefix}.";
    }
}
