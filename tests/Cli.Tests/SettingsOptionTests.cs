using System.CommandLine;
using System.CommandLine.Parsing;
using Actors.Programs;

namespace Actors.Cli.Tests;

public sealed class SettingsOptionTests
{
    private readonly Dictionary<string, string?> _settings = [];
    private readonly Option<int> _port = new("--data-port");
    private readonly Option<bool> _flag = new("--allow-chaos");
    private readonly Option<string[]> _labels = new("--label");
    private readonly Option<string> _join = new("--join") { Required = true };
    private readonly RootCommand _command = new("A program.");
    private FileInfo? _file;

    public SettingsOptionTests()
    {
        foreach (var option in new Option[] { _port, _flag, _labels, _join, CreateOption() })
            _command.Options.Add(option);
        _port.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() == 0)
                given.AddError("--data-port must not be 0.");
        });
    }

    [Fact]
    public void ParseWithSettings_OptionsOnlyInSettings_HaveTheirValues()
    {
        AddSettings(("DataPort", "7"), ("allowchaos", "true"), ("Join", "here"));
        AddSettings(("Label", null), ("Label:0", "gpu"), ("Label:1", "zone=a"));

        var parsed = Parse();

        Assert.Empty(parsed.Errors);
        Assert.Equal((7, true, "here"), (parsed.GetValue(_port), parsed.GetValue(_flag), parsed.GetValue(_join)));
        Assert.Equal(["gpu", "zone=a"], parsed.GetValue(_labels)!);
    }

    [Fact]
    public void ParseWithSettings_OptionOnTheCommandLine_TakesPrecedence()
    {
        AddSettings(("DataPort", "7"), ("Label:0", "gpu"));

        var parsed = Parse("--join", "here", "--data-port", "8", "--label", "cpu");

        Assert.Equal(8, parsed.GetValue(_port));
        Assert.Equal(["cpu"], parsed.GetValue(_labels)!);
    }

    [Fact]
    public void ParseWithSettings_InvalidValue_IsCheckedLikeAnOption()
    {
        AddSettings(("DataPort", "0"), ("Join", "here"));

        Assert.Equal("--data-port must not be 0.", Assert.Single(Parse().Errors).Message);
    }

    [Fact]
    public void ParseWithSettings_UnknownSetting_NamesTheKnownOnes()
    {
        AddSettings(("Prot", "7"));

        var exception = Assert.Throws<InvalidOperationException>(() => Parse());

        Assert.Equal("Unknown setting Sample:Prot. The settings are AllowChaos, DataPort, Join, Label.", exception.Message);
    }

    [Fact]
    public void ParseWithSettings_FileOnTheCommandLine_IsRead()
    {
        var file = Path.GetTempFileName();
        AddSettings(("Join", "here"));

        Assert.Empty(Parse("--settings", file).Errors);

        Assert.Equal(file, _file!.FullName);
        File.Delete(file);
        Assert.Equal($"There is no file {file}.", Parse("--settings", file, "--join", "here").Errors.Single().Message);
    }

    private void AddSettings(params (string Key, string? Value)[] settings) =>
        Array.ForEach(settings, setting => _settings.Add(setting.Key, setting.Value));

    private ParseResult Parse(params string[] args) => SettingsOption.ParseWithSettings(_command, args);

    private SettingsOption CreateOption() => new("Sample", file =>
    {
        _file = file;
        return _settings;
    });
}
