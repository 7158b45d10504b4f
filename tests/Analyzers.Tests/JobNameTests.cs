namespace Actors.Analyzers.Tests;

/// <summary>ACTORS111.</summary>
public class JobNameTests
{
    [Theory]
    [InlineData("[Job(\"a\")] static void Run() { }\nstatic class Other { [Job(\"a\")] public static void [|Again|]() { } }", "Run")]
    [InlineData("class Other { [Job(\"a\")] public void [|Run|]() { } }", "not static")]
    [InlineData("static class Other { [Job(\"a\")] public static void [|Run|]<T>() { } }", "generic")]
    [InlineData("static class Other<T> { [Job(\"a\")] public static void [|Run|]() { } }", "generic")]
    [InlineData("static class Other { [Job(\"\")] public static void [|Run|]() { } }", "0 characters")]
    public async Task Name_CannotBeUsed_Reported(string code, string reason)
    {
        var found = await UserCode.CheckAsync("Console.WriteLine();\n" + code);

        Assert.Equal("ACTORS111", found!.Id);
        Assert.Contains(reason, found.GetMessage(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("static class Other { [Job(\"a\")] public static void Run() { }\n[Job(\"b\")] public static void Again() { } }")]
    [InlineData("static class Other { [Job(\"a\")] public static void Run() { }\n[Job(\"A\")] public static void Again() { } }")]
    [InlineData("static class Other { public static void Run() { } }")]
    public async Task Name_Unique_Accepted(string code) => Assert.Null(await UserCode.CheckAsync("Console.WriteLine();\n" + code));
}
