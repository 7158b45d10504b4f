namespace Actors.Analyzers.Tests;

/// <summary>ACTORS105.</summary>
public class DerivedInstanceTests
{
    private const string Types = "\nclass Animal; class Dog : Animal; abstract class Shape; class Square : Shape;";

    [Theory]
    [InlineData("await pool.ApplyAsync((Animal a) => 1, [|new Dog()|]);")]
    [InlineData("var dog = new Dog(); await pool.ApplyAsync((Animal a) => 1, [|dog|]);")]
    [InlineData("await pool.MapAsync((Animal a) => 1, [[|new Dog()|], new Animal()]);")]
    [InlineData("await pool.MapAsync((Animal a) => 1, new Animal[] { new(), [|new Dog()|] });")]
    [InlineData("await pool.ApplyAsync(Animal () => [|new Dog()|]);")]
    [InlineData("await pool.ApplyAsync(async Task<Animal> () => { await Task.Yield(); return [|new Dog()|]; });")]
    public async Task Value_OfDerivedClass_Reported(string code)
    {
        var found = await UserCode.CheckAsync($"await using var pool = await ProcessPool.StartAsync(1);\n{code}{Types}");

        Assert.Equal("ACTORS105", found!.Id);
        Assert.Equal(
            "A Dog cannot be carried to another process as the declared Animal; declare the derived type", found.GetMessage());
    }

    [Theory]
    [InlineData("await pool.ApplyAsync(a => 1, new Dog());")]
    [InlineData("await pool.ApplyAsync(Run, new Dog());\nstatic int Run(Animal a) => 1;")]
    [InlineData("await pool.ApplyAsync((Animal? a) => 1, null);")]
    [InlineData("await pool.ApplyAsync((IReadOnlyList<int> a) => 1, new List<int>());")]
    [InlineData("await pool.ApplyAsync((System.Net.EndPoint e) => 1, new System.Net.IPEndPoint(0, 1));")]
    [InlineData("await pool.ApplyAsync(Animal () => { Animal Make() => new Dog(); return new Animal(); });")]
    [InlineData("await pool.ApplyAsync((Dog? d) => 1, new Animal() as Dog);")]
    public async Task Value_OfDeclaredClass_Accepted(string code) =>
        Assert.Null(await UserCode.CheckAsync($"await using var pool = await ProcessPool.StartAsync(1);\n{code}{Types}"));
}
