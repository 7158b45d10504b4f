using System.Text.Json.Nodes;
using Actors.Cli.Running;

namespace Actors.Cli.Tests;

public sealed class MergedRuntimeConfigTests
{
    private static readonly JsonObject Program = Parse(
        """{"runtimeOptions":{"framework":{"name":"A","version":"10.0.0"},"configProperties":{"one":1}}}""");

    [Fact]
    public void Merge_TwoRuntimeConfigurations_HasTheFrameworksOfBothInTheLaterVersion()
    {
        var user = Parse("""
            {
              "runtimeOptions": {
                "frameworks": [{ "name": "A", "version": "9.0.0" }, { "name": "B", "version": "10.0.1" }],
                "configProperties": { "two": 2 }
              }
            }
            """);

        var merged = MergedRuntimeConfig.Merge(Program, user);

        Assert.Equal(
            """{"configProperties":{"one":1,"two":2},"frameworks":[{"name":"A","version":"10.0.0"},{"name":"B","version":"10.0.1"}]}""",
            merged["runtimeOptions"]!.ToJsonString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    public void Merge_NoOptionsOfTheUser_IsTheProgram(string? user) => Assert.Equal(
        Program.ToJsonString(), MergedRuntimeConfig.Merge(Program, user is null ? null : Parse(user)).ToJsonString());

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
