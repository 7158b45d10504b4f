using System.Text.RegularExpressions;
using Actors.Messages;

namespace Actors.Architecture.Tests;

/// <summary>Each contract has a sender that may send it, and each actor of a session checks the sender.</summary>
public partial class MessagesAuthorityTests
{
    /// <summary>Actors outside the coordinator that handle no contract.</summary>
    private static readonly string[] WithoutContracts = ["LinkWatchActor", "OwnerActor", "SlotsActor"];

    private static readonly string Document = File.ReadAllText(Path.Combine(Repository.Root, "docs/internals/messages-authority.md"));

    [Fact]
    public void Document_NamesEveryContract()
    {
        var words = Word().Matches(Document).Select(word => word.Value).ToHashSet();
        var contracts = typeof(IWireMessage).Assembly.GetTypes()
            .Where(type => !type.IsInterface && type.IsAssignableTo(typeof(IWireMessage))).ToList();
        Assert.True(contracts.Count > 80, $"Only {contracts.Count} contracts are found.");
        Assert.All(contracts, type => Assert.Contains(type.Name, words));
    }

    [Fact]
    public void Document_NamesTestsThatExist()
    {
        var tests = Repository.Files("tests", ".cs").Select(file => Path.GetFileNameWithoutExtension(file.Path)).ToHashSet();
        var named = Test().Matches(Document).Select(test => test.Groups[1].Value).ToList();
        Assert.True(named.Count > 5);
        Assert.All(named, test => Assert.Contains(test, tests));
    }

    [Theory]
    [InlineData("src/Client")]
    [InlineData("src/WorkerNode")]
    public void Actors_OfClientsAndNodes_CheckTheirSender(string folder)
    {
        var withoutCheck = Repository.Files(folder, ".cs").SelectMany(file => Unchecked().Matches(file.Text))
            .Select(match => match.Groups[1].Value);
        Assert.Empty(withoutCheck.Except(WithoutContracts));
    }

    /// <summary>
    /// Only an actor with a random name, or below one, cannot be addressed by guess. The framework counts the names that it gives up from
    /// $a.
    /// </summary>
    [Theory]
    [InlineData("src/Client")]
    [InlineData("src/WorkerNode")]
    public void Actors_OfClientsAndNodes_HaveRandomNames(string folder)
    {
        var starts = Repository.Files(folder, ".cs").SelectMany(file => file.Text.Split('\n'))
            .Where(line => line.Contains("ActorOf(", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(starts);
        Assert.All(starts, line => Assert.True(line.Contains("RandomName.NewName(", StringComparison.Ordinal) || NeedsNone(line), line));
    }

    /// <summary>The coordinator within a program, and actors that handle no contract.</summary>
    private static bool NeedsNone(string line) =>
        WithoutContracts.Any(name => line.Contains(name, StringComparison.Ordinal)) || line.TrimEnd()
            .EndsWith("ActorOf(", StringComparison.Ordinal);

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex(@"`(?:[\w.]+/)*(\w+Tests)`")]
    private static partial Regex Test();

    [GeneratedRegex(@"class (\w+)[^\n]* : (?:ReceiveActor|UntypedActor)\b")]
    private static partial Regex Unchecked();
}
